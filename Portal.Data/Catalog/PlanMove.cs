namespace Portal.Data.Catalog;

/// <summary>An administrator's order that a subscription goes over to a newer version of its plan, at a renewal of which it was told early enough.</summary>
public sealed class PlanMove
{
    public long Id { get; set; }

    public Guid SubscriptionId { get; set; }

    public Guid AccountId { get; set; }

    public int FromPlanId { get; set; }

    public int ToPlanId { get; set; }

    public DateTimeOffset AskedAt { get; set; }

    public Guid AskedBy { get; set; }

    /// <summary>When its people were written to; null: it waits for a period that is long enough.</summary>
    public DateTimeOffset? NoticedAt { get; set; }

    /// <summary>With <see cref="NoticedAt"/>: the renewal at which it counts.</summary>
    public DateTimeOffset? At { get; set; }

    /// <summary>Taken back, done, or overtaken by what the customer chose; null: it still stands. One that stands a subscription.</summary>
    public DateTimeOffset? ClosedAt { get; set; }
}
