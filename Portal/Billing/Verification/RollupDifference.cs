namespace Portal.Billing.Verification;

/// <summary>What a rollup row has more than the usage records of its hour, seat and model; all zero when they agree.</summary>
/// <param name="HourMicros">Microseconds since 1970, UTC.</param>
internal sealed record RollupDifference(
    Guid AccountId, long HourMicros, Guid MembershipId, string Model,
    long Requests, long InputTokens, long OutputTokens, long Images, long CoveredUnits, long ChargedNanos);
