using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Billing.Costs;

/// <summary>What the months of a comparison cost under one plan.</summary>
/// <param name="Plan">Null: pay-per-use.</param>
/// <param name="Current">Whether the account has it.</param>
/// <param name="Months">In the order of the comparison's months.</param>
/// <param name="Expected">A month as it is expected to be.</param>
public sealed record PlanCost(Plan? Plan, bool Current, IReadOnlyList<MonthCost> Months, MonthCost Expected)
{
    public Money Past => Months.Aggregate(Money.Zero, (sum, month) => sum + month.Total);
}
