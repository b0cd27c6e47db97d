using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Accounts.Members;
using Portal.Data;
using Portal.Data.Support;

namespace Portal.Support;

/// <summary>Keeps a person out and lets them in again. A lock works at once: whoever is locked is nobody's caller any more, with a page or a key.</summary>
public sealed class PersonLocks(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    private const int TriesMax = 5;

    public Task<Outcome<Done>> Lock(Caller caller, Guid personId, string reason, CancellationToken cancel = default) =>
        Set(caller, personId, reason, locked: true, cancel);

    public Task<Outcome<Done>> Unlock(Caller caller, Guid personId, string reason, CancellationToken cancel = default) =>
        Set(caller, personId, reason, locked: false, cancel);

    private async Task<Outcome<Done>> Set(Caller caller, Guid personId, string reason, bool locked, CancellationToken cancel)
    {
        if (caller.WhyNot(Right.Serve) is { } no) return no;
        reason = PlainText.Of(reason);
        if (Reason.WhyNot(reason) is { } missing) return missing;
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await SetOnce(caller, personId, reason, locked, cancel);
            }
            catch (DbUpdateConcurrencyException) when (tries < TriesMax)
            {
                // The row changed since it was read: a colleague, or the person signing in. What is done now is decided anew.
            }
        }
    }

    private async Task<Outcome<Done>> SetOnce(Caller caller, Guid personId, string reason, bool locked, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        if (await db.Users.FirstOrDefaultAsync(p => p.Id == personId, cancel) is not { } person)
        {
            return Refusal.NotFound;
        }

        if (personId == caller.PersonId || (!caller.IsAdministrator && await IsStaff(db, personId, cancel)))
        {
            return new Refusal("lock.staff");
        }

        var now = clock.GetUtcNow();
        if (locked ? person.LockoutEnd == StaffLock.End : person.LockoutEnd is null)
        {
            return default(Done);
        }

        person.LockoutEnabled = true;
        person.LockoutEnd = locked ? StaffLock.End : null;
        person.AccessFailedCount = 0;

        // Cookies end with the stamp that they carry.
        person.SecurityStamp = Guid.NewGuid().ToString("N");

        // A sign-in that read the row before must not write its old columns over this.
        person.ConcurrencyStamp = Guid.NewGuid().ToString();
        db.AuditEntries.Add(new AuditEntry
        {
            At = now, PersonId = caller.PersonId, Action = locked ? "person.locked" : "person.unlocked", Subject = $"{personId}",
            Detail = $"{person.Email}: {reason}", Before = locked ? "open" : "locked", After = locked ? "locked" : "open", Reason = reason, AccountId = await FirstAccount.Of(db, personId, cancel),
        });
        await db.SaveChangesAsync(cancel);
        return default(Done);
    }

    private static Task<bool> IsStaff(PortalDb db, Guid personId, CancellationToken cancel) =>
        db.UserRoles.AnyAsync(r => r.UserId == personId, cancel);
}
