namespace Portal.Data.Support;

public sealed class Ticket
{
    /// <summary>The form's token: a second click is the same ticket.</summary>
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public Guid PersonId { get; set; }

    public required string Subject { get; set; }

    public bool Closed { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public List<TicketMessage> Messages { get; set; } = [];
}

public sealed class TicketMessage
{
    /// <summary>The form's token: a second click is the same message.</summary>
    public Guid Id { get; set; }

    public Guid TicketId { get; set; }

    public Guid PersonId { get; set; }

    public bool FromStaff { get; set; }

    public required string Text { get; set; }

    public DateTimeOffset At { get; set; }
}
