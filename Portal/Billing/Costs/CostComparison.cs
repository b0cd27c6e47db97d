using Portal.Data;

namespace Portal.Billing.Costs;

/// <summary>What an account's use would cost under every plan that it can have.</summary>
/// <param name="Plans">The cheapest of a month to come first; pay-per-use is one of them.</param>
/// <param name="Growth">See <see cref="UsageGrowth"/>.</param>
/// <param name="Sampled">Whether pictures were priced by the sizes of the newest ones.</param>
public sealed record CostComparison(UsageHistory History, decimal Growth, IReadOnlyList<PlanCost> Plans, bool Sampled)
{
    public PlanCost Cheapest => Plans[0];

    /// <summary>What the account has.</summary>
    public PlanCost Current => Plans.First(p => p.Current);

    /// <summary>A month; zero when nothing is cheaper than what the account has.</summary>
    public Money Saving => Current.Expected.Total - Cheapest.Expected.Total;
}
