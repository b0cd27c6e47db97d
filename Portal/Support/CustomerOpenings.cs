using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Members;
using Portal.Data;
using Portal.Data.Support;

namespace Portal.Support;

/// <summary>Writes down whose file the staff open: reading is a deed too.</summary>
public sealed class CustomerOpenings(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public const string Action = "customer.opened";

    /// <summary>Pages of one file that are opened one after the other are one opening.</summary>
    private static readonly TimeSpan Visit = TimeSpan.FromMinutes(30);

    public async Task<Outcome<Done>> Note(Caller caller, Guid accountId, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Serve) is { } no) return no;
        var now = clock.GetUtcNow();
        var since = now - Visit;
        await using var db = databases.CreateDbContext();
        if (await db.Accounts.Where(a => a.Id == accountId).Select(a => a.Name).FirstOrDefaultAsync(cancel) is not { } name)
        {
            return Refusal.NotFound;
        }

        if (!await db.AuditEntries.AnyAsync(a => a.AccountId == accountId && a.At > since && a.PersonId == caller.PersonId && a.Action == Action, cancel))
        {
            db.AuditEntries.Add(new AuditEntry { At = now, PersonId = caller.PersonId, AccountId = accountId, Action = Action, Subject = $"{accountId}", Detail = name });
            await db.SaveChangesAsync(cancel);
        }

        return default(Done);
    }

    /// <summary>Somebody's letters, or what else is a person's and not an account's: the file of the account they belong to first is opened.</summary>
    public async Task<Outcome<Done>> NotePerson(Caller caller, Guid personId, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Serve) is { } no) return no;
        await using var db = databases.CreateDbContext();
        return await FirstAccount.Of(db, personId, cancel) is { } known ? await Note(caller, known, cancel) : Refusal.NotFound;
    }
}
