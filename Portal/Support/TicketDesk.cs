using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Support;
using Portal.Support.Tickets;

namespace Portal.Support;

/// <summary>Letters between customers and staff. A ticket is its writer's: other members of the account do not see it.</summary>
public sealed class TicketDesk(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public const int SubjectLengthMax = 120;
    public const int TextLengthMax = 4000;

    /// <summary>That one person may have open in an account: nobody fills the inbox for everybody else.</summary>
    public const int OpenMax = 50;
    private const int ListMost = 200;

    /// <summary>When an account without a plan is answered, or with one that promises nothing.</summary>
    public static readonly TimeSpan ResponseDefault = TimeSpan.FromHours(24);

    /// <param name="formKey">Becomes the ticket's id: the same form sent twice is one ticket.</param>
    /// <param name="about">What the letter is about, of <see cref="TicketSubjects.List"/>.</param>
    public async Task<Outcome<Guid>> Open(Caller caller, string subject, string text, Guid formKey, TicketLink? about = null, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        (subject, text) = (PlainText.Of(subject), PlainText.Of(text));
        if (subject.Length is 0 or > SubjectLengthMax || subject.Contains('\n', StringComparison.Ordinal))
        {
            return new Refusal("ticket.subject", $"{SubjectLengthMax}");
        }

        if (text.Length is 0 or > TextLengthMax)
        {
            return new Refusal("ticket.text", $"{TextLengthMax}");
        }

        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        if (about is not null && !await TicketSubjects.Owns(db, caller, about, cancel))
        {
            return Refusal.NotFound;
        }

        if (await db.Tickets.CountAsync(t => t.AccountId == caller.AccountId && t.PersonId == caller.PersonId && !t.Closed && t.Id != formKey, cancel) >= OpenMax)
        {
            return new Refusal("ticket.many", $"{OpenMax}");
        }

        db.Tickets.Add(new Ticket
        {
            Id = formKey, AccountId = caller.AccountId, PersonId = caller.PersonId, Subject = subject, CreatedAt = now, UpdatedAt = now, DueAt = now + await Promised(db, caller.AccountId, now, cancel), About = about?.Kind, AboutId = about?.Id,
            Messages = [new TicketMessage { Id = formKey, PersonId = caller.PersonId, Text = text, At = now }],
        });
        await SaveOnce(db, other => other.Tickets.AnyAsync(t => t.Id == formKey && t.PersonId == caller.PersonId, cancel), cancel);
        return formKey;
    }

    /// <summary>The writer's word, or at the desk the staff's. A closed ticket opens again when its writer writes.</summary>
    public async Task<Outcome<Done>> Reply(Caller caller, Guid ticketId, string text, bool atDesk, Guid formKey, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        text = PlainText.Of(text);
        if (text.Length is 0 or > TextLengthMax)
        {
            return new Refusal("ticket.text", $"{TextLengthMax}");
        }

        await using var db = databases.CreateDbContext();
        if (await Visible(db, caller, atDesk).FirstOrDefaultAsync(t => t.Id == ticketId, cancel) is not { } ticket)
        {
            return Refusal.NotFound;
        }

        var now = clock.GetUtcNow();
        ticket.UpdatedAt = now;
        if (atDesk)
        {
            ticket.AnsweredAt ??= now;
            Audit(db, caller, ticket, "ticket.answered", now);
        }
        else
        {
            // What was closed without an answer has waited for none since.
            ticket.DueAt = ticket is { Closed: true, AnsweredAt: null } ? now + await Promised(db, ticket.AccountId, now, cancel) : ticket.DueAt;
            ticket.Closed = false;

            // Written even if it was open: it may be closed in this moment.
            db.Entry(ticket).Property(t => t.Closed).IsModified = true;
        }

        db.Add(new TicketMessage { Id = formKey, TicketId = ticketId, PersonId = caller.PersonId, FromStaff = atDesk, Text = text, At = now });
        await SaveOnce(db, other => other.Set<TicketMessage>().AnyAsync(m => m.Id == formKey && m.TicketId == ticketId && m.PersonId == caller.PersonId, cancel), cancel);
        return default(Done);
    }

    /// <param name="seen">How many messages whoever closes it has read: one that came since is not closed away.</param>
    public async Task<Outcome<Done>> Close(Caller caller, Guid ticketId, bool atDesk, int seen, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        await using var db = databases.CreateDbContext();
        if (await Visible(db, caller, atDesk).FirstOrDefaultAsync(t => t.Id == ticketId, cancel) is not { } ticket)
        {
            return Refusal.NotFound;
        }

        if (await db.Set<TicketMessage>().CountAsync(m => m.TicketId == ticketId, cancel) > seen)
        {
            return new Refusal("ticket.newer");
        }

        if (!ticket.Closed)
        {
            ticket.Closed = true;
            ticket.UpdatedAt = clock.GetUtcNow();
            if (atDesk)
            {
                Audit(db, caller, ticket, "ticket.closed", ticket.UpdatedAt);
            }

            await db.SaveChangesAsync(cancel);
        }

        return default(Done);
    }

    /// <summary>The caller's own, open ones first, then the latest.</summary>
    public Task<List<TicketSummary>> Mine(Caller caller, CancellationToken cancel = default) => List(db => Visible(db, caller, atDesk: false), cancel);

    /// <summary>Everybody's, for the staff: those that wait for a first answer by when it is due, then the other open ones, then the closed, the latest first.</summary>
    public async Task<Outcome<List<TicketSummary>>> Inbox(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Serve) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var waiting = await Summaries(db, db.Tickets.Where(t => !t.Closed && t.AnsweredAt == null).OrderBy(t => t.DueAt).Take(ListMost)).ToListAsync(cancel);
        var others = await List(d => d.Tickets.Where(t => t.Closed || t.AnsweredAt != null), cancel);
        return waiting.OrderBy(t => t.DueAt).Concat(others).ToList();
    }

    public async Task<Outcome<TicketView>> Read(Caller caller, Guid ticketId, bool atDesk, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var ticket = await Visible(db, caller, atDesk).AsNoTracking().Include(t => t.Messages).FirstOrDefaultAsync(t => t.Id == ticketId, cancel);
        if (ticket is null)
        {
            return Refusal.NotFound;
        }

        var ids = ticket.Messages.Select(m => m.PersonId).Append(ticket.PersonId).Distinct().ToList();
        var people = await db.Users.Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => new { p.DisplayName, p.Email }, cancel);
        var messages = ticket.Messages.OrderBy(m => m.At).ThenBy(m => m.Id)
            .Select(m => new TicketLine(m.FromStaff, m.PersonId == caller.PersonId, people[m.PersonId].DisplayName, m.Text, m.At));
        return new TicketView(ticket.Id, ticket.AccountId, people[ticket.PersonId].Email!, ticket.Subject, ticket.Closed, ticket.CreatedAt, [.. messages])
        {
            DueAt = ticket.DueAt, AnsweredAt = ticket.AnsweredAt, Overdue = !ticket.Closed && ticket.AnsweredAt is null && ticket.DueAt < clock.GetUtcNow(),
            About = await TicketSubjects.Of(db, ticket, cancel),
        };
    }

    /// <summary>The letters of one account, for its file.</summary>
    internal Task<List<TicketSummary>> Of(PortalDb db, Guid accountId, int most, CancellationToken cancel) =>
        Latest(db, db.Tickets.Where(t => t.AccountId == accountId), most, cancel);

    private async Task<List<TicketSummary>> List(Func<PortalDb, IQueryable<Ticket>> tickets, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await Latest(db, tickets(db), ListMost, cancel);
    }

    private async Task<List<TicketSummary>> Latest(PortalDb db, IQueryable<Ticket> tickets, int most, CancellationToken cancel)
    {
        var list = await Summaries(db, tickets.OrderBy(t => t.Closed).ThenByDescending(t => t.UpdatedAt).Take(most)).ToListAsync(cancel);
        return [.. list.OrderBy(t => t.Closed).ThenByDescending(t => t.UpdatedAt)];
    }

    private IQueryable<TicketSummary> Summaries(PortalDb db, IQueryable<Ticket> tickets)
    {
        var now = clock.GetUtcNow();
        return tickets.AsNoTracking().Join(db.Users, t => t.PersonId, p => p.Id, (t, p) => new TicketSummary(
            t.Id, t.AccountId, p.Email!, t.Subject, t.Closed, t.UpdatedAt, t.Messages.OrderByDescending(m => m.At).First().FromStaff, t.DueAt, t.AnsweredAt,
            !t.Closed && t.AnsweredAt == null && t.DueAt < now));
    }

    private static IQueryable<Ticket> Visible(PortalDb db, Caller caller, bool atDesk) => atDesk
        ? db.Tickets.Where(t => caller.IsStaff)
        : db.Tickets.Where(t => t.PersonId == caller.PersonId && t.AccountId == caller.AccountId);

    private static async Task<TimeSpan> Promised(PortalDb db, Guid accountId, DateTimeOffset now, CancellationToken cancel)
    {
        var minutes = await db.Subscriptions.Where(s => s.AccountId == accountId && s.Status != SubscriptionStatus.Canceled && s.PeriodEnd > now)
            .Select(s => s.Plan.SupportResponseMinutes).FirstOrDefaultAsync(cancel);
        return minutes is { } promised ? TimeSpan.FromMinutes(promised) : ResponseDefault;
    }

    private static void Audit(PortalDb db, Caller caller, Ticket ticket, string action, DateTimeOffset now) => db.AuditEntries.Add(new AuditEntry
    {
        At = now, PersonId = caller.PersonId, AccountId = ticket.AccountId, Action = action, Subject = $"{ticket.Id}", Detail = ticket.Subject,
    });

    /// <summary>A row that the same form has written already is as good as this one.</summary>
    private async Task SaveOnce(PortalDb db, Func<PortalDb, Task<bool>> isThere, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            await using var other = databases.CreateDbContext();
            if (!await isThere(other))
            {
                throw;
            }
        }
    }
}
