using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Accounts.Members;

/// <summary>Who may do what to whose seat, decided on rows that were read inside the command's own transaction.</summary>
internal static class MemberRights
{
    /// <summary>
    /// The account's present seats by id, people included: those asked for and the caller's own. A refusal when the caller does not
    /// manage the account (any more), or when one of <paramref name="seats"/> is not there: seats of other accounts are not told apart from none.
    /// </summary>
    public static async Task<Outcome<Dictionary<Guid, Membership>>> Manage(
        PortalDb db, Caller caller, IReadOnlyCollection<Guid> seats, CancellationToken cancel)
    {
        if (caller.AccountKind != AccountKind.Organisation)
        {
            return new Refusal("members.personal");
        }

        var found = await db.Memberships.Include(m => m.Person)
            .Where(m => m.AccountId == caller.AccountId && m.RemovedAt == null && (m.Id == caller.MembershipId || seats.Contains(m.Id)))
            .ToDictionaryAsync(m => m.Id, cancel);
        if (caller.ApiKeyId is not null || !found.TryGetValue(caller.MembershipId, out var own) || own.Role == MemberRole.Member)
        {
            return Refusal.Forbidden;
        }

        return seats.All(found.ContainsKey) ? found : Refusal.NotFound;
    }

    /// <summary>A billing admin cares for members; only an owner changes what admins and owners are.</summary>
    public static bool MayChange(Membership by, Membership seat) => by.Role == MemberRole.Owner || seat.Role == MemberRole.Member;
}
