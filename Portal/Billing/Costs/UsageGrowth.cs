namespace Portal.Billing.Costs;

/// <summary>How much more, or less, the next month is expected to be than those before it.</summary>
public static class UsageGrowth
{
    /// <summary>However steep the trend, a month halves at worst.</summary>
    public const decimal Least = 0.5m;

    /// <summary>However steep the trend, a month doubles at most.</summary>
    public const decimal Most = 2m;

    private const int Decimals = 4;

    /// <summary>The straight line through the months, one month further, over their mean; exact, with four decimals.</summary>
    /// <param name="months">What each month came to, oldest first; 0 or more.</param>
    /// <returns>From <see cref="Least"/> to <see cref="Most"/>; 1 where fewer than two months, or none with any use, show no trend.</returns>
    public static decimal Of(IReadOnlyList<decimal> months)
    {
        var mean = months.Count == 0 ? 0 : months.Sum() / months.Count;
        if (months.Count < 2 || mean <= 0)
        {
            return 1;
        }

        var middle = (months.Count + 1) / 2m;
        var slope = months.Select((month, i) => (i + 1 - middle) * month).Sum() / months.Select((_, i) => (i + 1 - middle) * (i + 1 - middle)).Sum();
        return decimal.Round(Math.Clamp((mean + (slope * middle)) / mean, Least, Most), Decimals, MidpointRounding.ToEven);
    }
}
