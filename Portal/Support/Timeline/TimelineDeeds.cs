using Microsoft.EntityFrameworkCore;
using Portal.Accounts.SignIn;
using Portal.Data;
using Portal.Data.Support;

namespace Portal.Support.Timeline;

/// <summary>The entries that tell what people did.</summary>
/// <param name="most">Entries of each source, the newest.</param>
internal sealed class TimelineDeeds(PortalDb db, Guid accountId, int most)
{
    /// <summary>What actions begin with; all others are the staff's own.</summary>
    private static readonly Dictionary<TimelineKind, string[]> Prefixes = new()
    {
        [TimelineKind.Money] = ["refund.", "credit.", "coupon.", "buyer.", "invoice.", "payment.", "dispute.", "card.", "topup.", "points.", "bonus.", "pool.", "charge."],
        [TimelineKind.Plan] = ["plan.", "subscription."],
        [TimelineKind.Keys] = ["key.", "project.", "budget."],
        [TimelineKind.Seats] = ["seat.", "member.", "organisation."],
        [TimelineKind.Tickets] = ["ticket."],
        [TimelineKind.SignIns] = [AddressDesk.Action],
    };

    public async Task<IEnumerable<TimelineEntry>> Audited(TimelineKind[] wanted, CancellationToken cancel)
    {
        string[] asked = [.. Prefixes.Where(pair => wanted.Contains(pair.Key)).SelectMany(pair => pair.Value).Select(prefix => $"{prefix}%")];
        string[] known = [.. Prefixes.Values.SelectMany(prefixes => prefixes).Select(prefix => $"{prefix}%")];
        var others = wanted.Contains(TimelineKind.Staff);
        var deeds = await db.AuditEntries.AsNoTracking()
            .Where(a => a.AccountId == accountId && (asked.Any(pattern => EF.Functions.Like(a.Action, pattern)) || (others && !known.Any(pattern => EF.Functions.Like(a.Action, pattern)))))
            .OrderByDescending(a => a.At).ThenByDescending(a => a.Id).Take(most)
            .Select(a => new { a.Id, a.At, a.Action, a.Detail, a.Reason, Email = db.Users.Where(u => u.Id == a.PersonId).Select(u => u.Email).FirstOrDefault() }).ToListAsync(cancel);
        return deeds.Select(a => new TimelineEntry(
            a.At, KindOf(a.Action), TimelineSource.Audit, $"{a.Id:D19}", a.Action, a.Email, string.Join(" · ", new[] { a.Detail, a.Reason }.Where(said => !string.IsNullOrEmpty(said)))));
    }

    /// <summary>What the customer wrote; what the staff wrote is in the audit.</summary>
    public async Task<IEnumerable<TimelineEntry>> Letters(CancellationToken cancel)
    {
        var letters = await db.Set<TicketMessage>().AsNoTracking().Where(m => !m.FromStaff)
            .Join(db.Tickets.Where(t => t.AccountId == accountId), m => m.TicketId, t => t.Id, (m, t) => new { m.Id, m.At, m.PersonId, TicketId = t.Id, t.Subject })
            .OrderByDescending(m => m.At).ThenByDescending(m => m.Id).Take(most)
            .Select(m => new { m.Id, m.At, m.TicketId, m.Subject, Email = db.Users.Where(u => u.Id == m.PersonId).Select(u => u.Email).FirstOrDefault() }).ToListAsync(cancel);
        return letters.Select(m => new TimelineEntry(
            m.At, TimelineKind.Tickets, TimelineSource.Own, $"{m.Id}", m.Id == m.TicketId ? "letter.opened" : "letter.continued", m.Email, m.Subject, Href: $"/desk/tickets/{m.TicketId}"));
    }

    /// <summary>Of everybody who belongs to the account, or did.</summary>
    public async Task<IEnumerable<TimelineEntry>> SignIns(CancellationToken cancel)
    {
        var tries = await db.SignIns.AsNoTracking().Where(s => db.Memberships.Any(m => m.AccountId == accountId && m.PersonId == s.PersonId))
            .OrderByDescending(s => s.At).ThenByDescending(s => s.Id).Take(most)
            .Select(s => new { s.Id, s.At, s.Outcome, s.Address, Email = db.Users.Where(u => u.Id == s.PersonId).Select(u => u.Email).FirstOrDefault() }).ToListAsync(cancel);
        return tries.Select(s => new TimelineEntry(s.At, TimelineKind.SignIns, TimelineSource.Own, $"{s.Id:D19}", $"sign-in.{s.Outcome}", s.Email, s.Address));
    }

    private static TimelineKind KindOf(string action) =>
        Prefixes.Where(pair => pair.Value.Any(prefix => action.StartsWith(prefix, StringComparison.Ordinal))).Select(pair => (TimelineKind?)pair.Key).FirstOrDefault() ?? TimelineKind.Staff;
}
