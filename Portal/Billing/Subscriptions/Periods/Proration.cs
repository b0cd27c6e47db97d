namespace Portal.Billing.Subscriptions.Periods;

/// <summary>What a period that is left early is still worth.</summary>
public static class Proration
{
    /// <summary>
    /// The fee of the unused seconds that it is for, but never more than the fee of the unspent units: whoever burned the allowance
    /// cannot get its price back by moving on. Rounded once, half-even, to nanos.
    /// </summary>
    /// <param name="feeNanos">Of the whole period.</param>
    /// <param name="end">Up to when the fee is for; after it nothing is left.</param>
    /// <param name="unspent">Units of the allowance that are free to be taken back, 0 to <paramref name="granted"/>.</param>
    /// <param name="granted">Units that the period began with, above 0.</param>
    public static long CreditNanos(long feeNanos, DateTimeOffset start, DateTimeOffset end, DateTimeOffset at, long unspent, long granted)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(end, start);
        ArgumentOutOfRangeException.ThrowIfLessThan(granted, 1);
        var time = Math.Clamp(Seconds(end - at) / Seconds(end - start), 0m, 1m);
        var quota = Math.Clamp(unspent / (decimal)granted, 0m, 1m);
        return decimal.ToInt64(decimal.Round(feeNanos * Math.Min(time, quota), MidpointRounding.ToEven));
    }

    private static decimal Seconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerSecond;
}
