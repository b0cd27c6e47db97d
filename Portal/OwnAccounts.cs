using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Trials;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal;

/// <summary>
/// Which accounts are a person's own: those that they act in, or did. A seat that somebody gave them and they never took does not count, or customers
/// could keep the staff from their accounts by inviting them. So is one that somebody manages whose address leads to the same mailbox: another account
/// makes nobody another person.
/// </summary>
public static class OwnAccounts
{
    public static async Task<bool> IsOwn(PortalDb db, Guid personId, Guid accountId, CancellationToken cancel)
    {
        var people = await db.Memberships.Where(m => m.AccountId == accountId && m.AcceptedAt != null && (m.PersonId == personId || m.Role != MemberRole.Member))
            .Select(m => new { m.PersonId, m.Person.Email }).ToListAsync(cancel);
        var email = await db.Users.Where(p => p.Id == personId).Select(p => p.Email).FirstOrDefaultAsync(cancel);
        return people.Exists(p => p.PersonId == personId || (email is not null && Mailbox.Of(p.Email ?? "") == Mailbox.Of(email)));
    }
}
