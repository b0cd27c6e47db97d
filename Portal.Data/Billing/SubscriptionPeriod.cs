namespace Portal.Data.Billing;

/// <summary>A period that was paid and granted; unique by subscription and start.</summary>
public sealed class SubscriptionPeriod
{
    public Guid SubscriptionId { get; set; }

    public DateTimeOffset Start { get; set; }

    public DateTimeOffset End { get; set; }

    public int PlanId { get; set; }

    /// <summary>Nanos that were paid for it: what was charged, in whole minor units, and what the period before was still worth. Leaving it early is worth this at most.</summary>
    public long FeeNanos { get; set; }

    /// <summary>Units that it granted.</summary>
    public long Units { get; set; }

    public Guid InvoiceId { get; set; }
}
