using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal;

/// <summary>
/// Which accounts are a person's own: those that they act in, or did. A seat that somebody gave them and they never took does not count, or customers
/// could keep the staff from their accounts by inviting them.
/// </summary>
public static class OwnAccounts
{
    public static Task<bool> IsOwn(PortalDb db, Guid personId, Guid accountId, CancellationToken cancel) =>
        db.Memberships.AnyAsync(m => m.PersonId == personId && m.AccountId == accountId && m.AcceptedAt != null, cancel);
}
