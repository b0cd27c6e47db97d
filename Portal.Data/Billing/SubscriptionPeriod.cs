namespace Portal.Data.Billing;

/// <summary>A period that was paid and granted; unique by subscription and start.</summary>
public sealed class SubscriptionPeriod
{
    public Guid SubscriptionId { get; set; }

    public DateTimeOffset Start { get; set; }

    /// <summary>When it ends, or was ended; later than <see cref="PaidEnd"/> when days were given on top.</summary>
    public DateTimeOffset End { get; set; }

    /// <summary>Up to when it is paid for, as it was opened: whatever ends it earlier or later. Days after it are worth nothing.</summary>
    public DateTimeOffset PaidEnd { get; set; }

    public int PlanId { get; set; }

    /// <summary>
    /// Nanos that were paid for it: what was charged, in whole minor units, and what the period before was still worth; of a year that was paid at once
    /// its month's share. Written once; what a refund gave back is not taken off it.
    /// </summary>
    public long FeeNanos { get; set; }

    /// <summary>Nanos of <see cref="FeeNanos"/> that refunds gave back while it ran, 0 or more.</summary>
    public long ReturnedNanos { get; set; }

    /// <summary>Leaving it early is worth this at most.</summary>
    public long WorthNanos => FeeNanos - ReturnedNanos;

    /// <summary>Units that it granted.</summary>
    public long Units { get; set; }

    /// <summary>The invoice that it was paid with; null of a trial.</summary>
    public Guid? InvoiceId { get; set; }

    /// <summary>Which month it is of those that its invoice paid, from 0.</summary>
    public int Month { get; set; }
}
