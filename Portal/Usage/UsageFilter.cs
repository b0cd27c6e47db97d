namespace Portal.Usage;

/// <summary>Which usage is asked for.</summary>
/// <param name="MembershipId">One seat only; whoever does not manage billing sees their own seat whatever is asked.</param>
/// <param name="AccountId">Another account than the caller's: for staff.</param>
public sealed record UsageFilter(UsageRange Range = UsageRange.Days30, string? Model = null, Guid? MembershipId = null, Guid? AccountId = null);
