using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Support;

namespace Portal.Accounts.Members;

/// <summary>Opens organisations: accounts that several people share.</summary>
public sealed class Organisations(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public const int NameLengthMax = 80;

    /// <summary>The caller becomes the owner; nothing of their other accounts moves along.</summary>
    /// <param name="formKey">Becomes the account's id: the same form sent twice opens one organisation.</param>
    public async Task<Outcome<Guid>> Create(Caller caller, string name, Guid formKey, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        name = name.Trim();
        if (name.Length is 0 or > NameLengthMax || name.Any(char.IsControl))
        {
            return new Refusal("organisation.name", $"{NameLengthMax}");
        }

        await using var db = databases.CreateDbContext();
        if (!await db.Users.AnyAsync(p => p.Id == caller.PersonId && p.EmailConfirmed, cancel))
        {
            return new Refusal("email.unconfirmed");
        }

        if (await Opened(db, formKey, caller.PersonId, cancel) is { } outcome)
        {
            return outcome;
        }

        var now = clock.GetUtcNow();
        AccountOpener.Open(db, AccountKind.Organisation, name, caller.PersonId, now, formKey);
        db.AuditEntries.Add(new AuditEntry
        {
            At = now, PersonId = caller.PersonId, AccountId = formKey, Action = "organisation.created", Subject = $"{formKey}", Detail = name,
        });
        try
        {
            await db.SaveChangesAsync(cancel);
            return formKey;
        }
        catch (DbUpdateException)
        {
            // The same form at the same moment: the other one has opened it.
            await using var other = databases.CreateDbContext();
            if (await Opened(other, formKey, caller.PersonId, cancel) is { } first)
            {
                return first;
            }

            throw;
        }
    }

    private static async Task<Outcome<Guid>?> Opened(PortalDb db, Guid id, Guid personId, CancellationToken cancel)
    {
        if (!await db.Accounts.AnyAsync(a => a.Id == id, cancel))
        {
            return null;
        }

        return await db.Memberships.AnyAsync(m => m.AccountId == id && m.PersonId == personId && m.Role == MemberRole.Owner, cancel) ? id : Refusal.NotFound;
    }
}
