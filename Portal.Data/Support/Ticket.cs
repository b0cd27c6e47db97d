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

    /// <summary>When the first answer is due, by what the writer's plan promised when they wrote.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>When the staff first answered.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>What the letter is about: <see cref="AboutId"/> names a row of this kind; null: nothing in particular.</summary>
    public TicketAbout? About { get; set; }

    public Guid? AboutId { get; set; }

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
