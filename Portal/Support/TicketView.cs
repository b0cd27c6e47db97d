using Portal.Support.Tickets;

namespace Portal.Support;

/// <param name="Answered">The last word is the staff's.</param>
/// <param name="DueAt">When the first answer is due.</param>
/// <param name="AnsweredAt">When it was given.</param>
/// <param name="Overdue">It is due, and there is none.</param>
public sealed record TicketSummary(
    Guid Id, Guid AccountId, string Email, string Subject, bool Closed, DateTimeOffset UpdatedAt, bool Answered, DateTimeOffset DueAt, DateTimeOffset? AnsweredAt, bool Overdue);

/// <summary>A ticket with all that was written, oldest first.</summary>
/// <param name="Email">Of the person who opened it.</param>
public sealed record TicketView(
    Guid Id, Guid AccountId, string Email, string Subject, bool Closed, DateTimeOffset CreatedAt, IReadOnlyList<TicketLine> Lines)
{
    /// <summary>When the first answer is due.</summary>
    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    public bool Overdue { get; init; }

    /// <summary>What the letter is about; null: nothing in particular.</summary>
    public TicketSubject? About { get; init; }
}

/// <param name="Own">Written by the caller.</param>
public sealed record TicketLine(bool FromStaff, bool Own, string Name, string Text, DateTimeOffset At);
