namespace Portal.Data.Billing;

/// <summary>A period that was paid and granted; unique by subscription and start.</summary>
public sealed class SubscriptionPeriod
{
    public Guid SubscriptionId { get; set; }

    public DateTimeOffset Start { get; set; }

    public DateTimeOffset End { get; set; }

    public int PlanId { get; set; }

    /// <summary>Exact nanos that it cost, extras and coupons included: what leaving it early can be worth at most.</summary>
    public long FeeNanos { get; set; }

    /// <summary>Units that it granted.</summary>
    public long Units { get; set; }

    public Guid InvoiceId { get; set; }
}
