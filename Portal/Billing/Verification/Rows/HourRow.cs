namespace Portal.Billing.Verification.Rows;

/// <summary>What the verifier reads of the rollup.</summary>
internal readonly record struct HourRow(
    Guid AccountId, DateTimeOffset Hour, Guid MembershipId, string Model, long Requests, long InputTokens, long OutputTokens, long Images, long CoveredUnits, long ChargedNanos);
