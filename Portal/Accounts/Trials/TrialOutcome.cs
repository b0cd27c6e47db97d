using Portal.Data;

namespace Portal.Accounts.Trials;

/// <summary>What came of the trial credit of a registration.</summary>
/// <param name="Granted">Zero: none.</param>
/// <param name="Reason">Why there is none: <c>mailbox</c>, <c>device</c>, <c>network</c> or <c>day</c>.</param>
public sealed record TrialOutcome(Money Granted, DateTimeOffset? ExpiresAt, string? Reason);
