using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts.Members;

/// <summary>The account that what is a person's and not an account's is filed under: their own, or else the one that they joined first.</summary>
internal static class FirstAccount
{
    public static Task<Guid?> Of(PortalDb db, Guid personId, CancellationToken cancel) =>
        db.Memberships.Where(m => m.PersonId == personId).OrderBy(m => m.Account.Kind).ThenBy(m => m.CreatedAt).Select(m => (Guid?)m.AccountId).FirstOrDefaultAsync(cancel);
}
