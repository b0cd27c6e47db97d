using Portal.Data;

namespace Portal.Billing.Costs;

/// <summary>What months of different liveliness would cost somebody who has not used anything yet.</summary>
/// <param name="Units">What is used in each of the months.</param>
/// <param name="Plans">In the catalogue's order, pay-per-use first; their months are those of <paramref name="Units"/>.</param>
public sealed record CostExpectation(Unit Unit, IReadOnlyList<long> Units, IReadOnlyList<PlanCost> Plans)
{
    /// <summary>Whether no plan is cheaper in a month.</summary>
    public bool IsCheapest(PlanCost plan, int month) => Plans.All(p => plan.Months[month].Total <= p.Months[month].Total);
}
