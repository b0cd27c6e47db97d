using Portal.Data;

namespace Portal.Billing.Pools;

/// <summary>Divides a pool's monthly cost by shares.</summary>
public static class PoolShares
{
    public const decimal Whole = 100;

    /// <summary>Each share rounded down to whole minor units; the last absorbs what that leaves, so that they add up to the cost.</summary>
    /// <param name="monthly">Whole minor units.</param>
    /// <param name="percents">One or more, adding up to <see cref="Whole"/>.</param>
    public static IReadOnlyList<Money> Of(Money monthly, IReadOnlyList<decimal> percents)
    {
        var shares = percents.Select(percent => Money.FromAmount(monthly.Amount * percent / Whole).FloorToMinorUnits()).ToList();
        shares[^1] = shares.SkipLast(1).Aggregate(monthly, (rest, share) => rest - share);
        return shares;
    }
}
