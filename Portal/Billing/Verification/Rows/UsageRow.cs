using Portal.Data;

namespace Portal.Billing.Verification.Rows;

/// <summary>What the verifier reads of a usage record.</summary>
internal readonly record struct UsageRow(
    Guid Id, Guid AccountId, Guid MembershipId, string Model, Unit Unit, long InputTokens, long OutputTokens, long Images, long CoveredUnits,
    long ChargedNanos, DateTimeOffset At);
