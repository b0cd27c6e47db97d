using Portal.Data;

namespace Portal.Billing.Costs;

/// <summary>What a month would have cost, item by item.</summary>
/// <param name="Fee">The plan's, in whole minor units; zero of pay-per-use.</param>
/// <param name="Uses">What of it was used, and what that cost beyond the fee.</param>
public sealed record MonthCost(Money Fee, IReadOnlyList<MonthCost.Use> Uses)
{
    /// <param name="Units">Tokens or standard images.</param>
    /// <param name="Covered">Of these the plan includes so many.</param>
    /// <param name="Cost">Of the others.</param>
    /// <param name="List">Of the others at the plain rate.</param>
    public sealed record Use(Unit Unit, long Units, long Covered, Money Cost, Money List)
    {
        public long Beyond => Units - Covered;
    }

    public Money Total => Uses.Aggregate(Fee, (sum, use) => sum + use.Cost);

    /// <summary>What is not the fee.</summary>
    public Money Beyond => Total - Fee;

    /// <summary>A month between several, rounded half-even to nanos and units.</summary>
    internal static MonthCost Mean(IReadOnlyList<MonthCost> months) => new(
        months[0].Fee,
        [
            .. months.SelectMany(m => m.Uses).GroupBy(u => u.Unit).OrderBy(g => g.Key).Select(g => new Use(
                g.Key, Mean(g.Select(u => u.Units)), Mean(g.Select(u => u.Covered)), new Money(Mean(g.Select(u => u.Cost.Nanos))), new Money(Mean(g.Select(u => u.List.Nanos))))),
        ]);

    private static long Mean(IEnumerable<long> values)
    {
        var all = values.ToList();
        return decimal.ToInt64(decimal.Round(all.Sum(v => (decimal)v) / all.Count, MidpointRounding.ToEven));
    }
}
