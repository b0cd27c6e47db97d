namespace Portal.Data.Support;

/// <summary>Who did what to whom; written with the deed.</summary>
public sealed class AuditEntry
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    public Guid PersonId { get; set; }

    public Guid? AccountId { get; set; }

    /// <summary>E.g. <c>refund.requested</c>, <c>seat.allocated</c>.</summary>
    public required string Action { get; set; }

    public required string Subject { get; set; }

    public string Detail { get; set; } = "";
}
