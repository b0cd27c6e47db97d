namespace Portal.Support;

/// <param name="Answered">The last word is the staff's.</param>
public sealed record TicketSummary(Guid Id, Guid AccountId, string Email, string Subject, bool Closed, DateTimeOffset UpdatedAt, bool Answered);

/// <summary>A ticket with all that was written, oldest first.</summary>
/// <param name="Email">Of the person who opened it.</param>
public sealed record TicketView(
    Guid Id, Guid AccountId, string Email, string Subject, bool Closed, DateTimeOffset CreatedAt, IReadOnlyList<TicketLine> Lines);

/// <param name="Own">Written by the caller.</param>
public sealed record TicketLine(bool FromStaff, bool Own, string Name, string Text, DateTimeOffset At);
