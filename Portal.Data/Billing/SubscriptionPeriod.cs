namespace Portal.Data.Billing;

/// <summary>A period that was paid and granted; unique by subscription and start.</summary>
public sealed class SubscriptionPeriod
{
    public Guid SubscriptionId { get; set; }

    public DateTimeOffset Start { get; set; }

    public DateTimeOffset End { get; set; }

    public int PlanId { get; set; }

    /// <summary>
    /// Nanos that were paid for it: what was charged, in whole minor units, and what the period before was still worth; of a year that was paid at once
    /// its month's share. Leaving it early is worth this at most.
    /// </summary>
    public long FeeNanos { get; set; }

    /// <summary>Units that it granted.</summary>
    public long Units { get; set; }

    /// <summary>The invoice that it was paid with; null of a trial.</summary>
    public Guid? InvoiceId { get; set; }

    /// <summary>Which month it is of those that its invoice paid, from 0.</summary>
    public int Month { get; set; }
}
