using Portal.Data;
using Portal.Data.Support;

namespace Portal.Support.Tickets;

/// <summary>What a letter may be about, as its writer and the desk see it.</summary>
/// <param name="Name">The invoice's number, the model of a charge; empty of a payment.</param>
public sealed record TicketSubject(TicketAbout Kind, Guid Id, DateTimeOffset At, Money Amount, string Name);

/// <summary>A subject as a form names it.</summary>
public sealed record TicketLink(TicketAbout Kind, Guid Id);
