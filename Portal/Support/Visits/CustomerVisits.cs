using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Support;

namespace Portal.Support.Visits;

/// <summary>
/// Lets the staff see a customer's pages as their owner sees them. On a visit the portal knows them as that owner who may change nothing
/// (<see cref="Caller.ReadOnly"/>), and only the pages that are made for it exist.
/// </summary>
public sealed class CustomerVisits(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    private const string VisitedAction = "customer.visited";

    public async Task<Outcome<Visit>> Start(Caller caller, Guid accountId, string reason, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Serve) is { } no) return no;
        reason = PlainText.Of(reason);
        if (Reason.WhyNot(reason) is { } missing) return missing;
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var name = await db.Accounts.Where(a => a.Id == accountId && db.Memberships.Any(m => m.AccountId == accountId && m.RemovedAt == null && m.Role == MemberRole.Owner))
            .Select(a => a.Name).FirstOrDefaultAsync(cancel);
        if (name is null)
        {
            return Refusal.NotFound;
        }

        var visit = new Visit(Guid.CreateVersion7(now), now + Callers.VisitLengthMax);
        db.AuditEntries.Add(new AuditEntry { At = now, PersonId = caller.PersonId, AccountId = accountId, Action = VisitedAction, Subject = $"{visit.Id}", Detail = name, Reason = reason });
        await db.SaveChangesAsync(cancel);
        return visit;
    }

    /// <summary>Ends a visit for good: a copy of its cookie shows nothing any more. What is no visit of theirs, or is over, stays as it is.</summary>
    /// <param name="staffId">Whoever visits: not the customer whom the portal takes them for meanwhile.</param>
    public async Task End(Guid staffId, Guid visitId, CancellationToken cancel = default)
    {
        var (now, subject) = (clock.GetUtcNow(), $"{visitId}");
        var since = now - Callers.VisitLengthMax;
        await using var db = databases.CreateDbContext();
        var entries = await db.AuditEntries.AsNoTracking().Where(a => a.PersonId == staffId && a.At >= since && a.Subject == subject).ToListAsync(cancel);
        if (entries.Find(a => a.Action == VisitedAction) is { } begun && !entries.Exists(a => a.Action == Callers.VisitOverAction))
        {
            db.AuditEntries.Add(new AuditEntry { At = now, PersonId = staffId, AccountId = begun.AccountId, Action = Callers.VisitOverAction, Subject = subject, Detail = begun.Detail });
            await db.SaveChangesAsync(cancel);
        }
    }
}
