namespace Portal.Billing.Costs;

/// <summary>A month of use, from a day of the month to the same day of the next, in the order of time.</summary>
/// <param name="To">Exclusive.</param>
public sealed record UsageMonth(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<UsageSlice> Slices);
