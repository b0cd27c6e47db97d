using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Pools;

/// <summary>A pool as its administrators and its members see it.</summary>
/// <param name="Mine">The reader's own part; null for administrators.</param>
public sealed record PoolView(
    Guid Id, string Name, Money Monthly, ComputePoolState State, DateTimeOffset? PeriodStart, DateTimeOffset? PeriodEnd, bool Ending,
    IReadOnlyList<PoolView.Member> Members, PoolView.Member? Mine)
{
    /// <param name="Share">Of the monthly cost, in whole minor units.</param>
    public sealed record Member(Guid AccountId, string Account, decimal Percent, Money Share, bool Accepted);
}
