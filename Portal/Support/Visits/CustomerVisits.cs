using Microsoft.EntityFrameworkCore;
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
    /// <summary>After which the staff are themselves again.</summary>
    public static readonly TimeSpan LengthMax = TimeSpan.FromMinutes(30);

    /// <returns>When the visit ends.</returns>
    public async Task<Outcome<DateTimeOffset>> Start(Caller caller, Guid accountId, string reason, CancellationToken cancel = default)
    {
        if (!caller.IsStaff)
        {
            return Refusal.NotFound;
        }

        reason = reason.Trim();
        if (reason.Length is 0 or > PersonLocks.ReasonLengthMax)
        {
            return new Refusal("reason.missing", $"{PersonLocks.ReasonLengthMax}");
        }

        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var name = await db.Accounts.Where(a => a.Id == accountId && db.Memberships.Any(m => m.AccountId == accountId && m.RemovedAt == null && m.Role == MemberRole.Owner))
            .Select(a => a.Name).FirstOrDefaultAsync(cancel);
        if (name is null)
        {
            return Refusal.NotFound;
        }

        db.AuditEntries.Add(new AuditEntry { At = now, PersonId = caller.PersonId, AccountId = accountId, Action = "customer.visited", Subject = $"{accountId}", Detail = name, Reason = reason });
        await db.SaveChangesAsync(cancel);
        return now + LengthMax;
    }
}
