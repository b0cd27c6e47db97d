namespace Portal.Data.Billing;

/// <summary>A period that was paid and granted; unique by subscription and start.</summary>
public sealed class SubscriptionPeriod
{
    public Guid SubscriptionId { get; set; }

    public DateTimeOffset Start { get; set; }

    public DateTimeOffset End { get; set; }

    public int PlanId { get; set; }

    public Guid InvoiceId { get; set; }
}
