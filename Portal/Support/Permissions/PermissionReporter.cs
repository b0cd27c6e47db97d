using System.Data;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Support;

namespace Portal.Support.Permissions;

/// <summary>Writes the report of the month that is over, once.</summary>
public sealed class PermissionReporter(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <summary>What changes who may do what.</summary>
    internal static readonly string[] Actions =
    [
        "administrator.made", "member.invited", "member.role", "member.removed", "organisation.created", "person.locked", "person.unlocked",
    ];

    /// <returns>1 when it was written; 0: it had been.</returns>
    public async Task<int> Write(CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        var end = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var month = end.AddMonths(-1);
        await using var db = databases.CreateDbContext();
        if (await db.PermissionReports.AnyAsync(r => r.Month == month, cancel))
        {
            return 0;
        }

        // One state of everything, with the end of the audit's chain at that moment: on PostgreSQL the transaction's first read settles what all of them
        // see; SQLite has one writer, which this is; SQL Server keeps by locks whatever was read.
        await using var transaction = await db.Database.BeginTransactionAsync(db is SqlServerPortalDb ? IsolationLevel.Serializable : IsolationLevel.RepeatableRead, cancel);
        var head = await db.AuditHeads.AsNoTracking().SingleAsync(h => h.Id == AuditHead.Key, cancel);
        var body = new PermissionBody(await Staff(db, month, now, cancel), await Accounts(db, cancel), await Organisations(db, cancel), await Changes(db, month, end, cancel));
        db.PermissionReports.Add(new PermissionReport { Month = month, MadeAt = now, Body = JsonSerializer.Serialize(body), AuditSequence = head.Sequence, AuditHash = head.Hash });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            await using var other = databases.CreateDbContext();
            if (await other.PermissionReports.AnyAsync(r => r.Month == month, cancel))
            {
                return 0;
            }

            throw;
        }

        await transaction.CommitAsync(cancel);
        return 1;
    }

    private static async Task<List<StaffRight>> Staff(PortalDb db, DateTimeOffset month, DateTimeOffset now, CancellationToken cancel)
    {
        var roles = await db.UserRoles.Join(db.Roles, r => r.RoleId, r => r.Id, (r, role) => new { r.UserId, role.Name }).Where(r => r.Name == Roles.Support || r.Name == Roles.Administrator).ToListAsync(cancel);
        var ids = roles.Select(r => r.UserId).Distinct().ToList();
        var people = await db.Users.AsNoTracking().Where(p => ids.Contains(p.Id)).OrderBy(p => p.Email).Select(p => new
        {
            p.Id, p.Email, p.DisplayName, Locked = p.LockoutEnd > now,
            SignedIn = db.SignIns.Where(s => s.PersonId == p.Id && s.Outcome == SignInOutcome.Done).Max(s => (DateTimeOffset?)s.At),
            Did = db.AuditEntries.Where(a => a.PersonId == p.Id).Max(a => (DateTimeOffset?)a.At),
        }).ToListAsync(cancel);
        return people.ConvertAll(p =>
        {
            var last = p.SignedIn > p.Did || p.Did is null ? p.SignedIn : p.Did;
            return new StaffRight(p.Email!, p.DisplayName, string.Join(", ", roles.Where(r => r.UserId == p.Id).Select(r => r.Name).Order()), p.Locked, last, last is null || last < month);
        });
    }

    private static async Task<List<AccountRight>> Accounts(PortalDb db, CancellationToken cancel)
    {
        var rights = await db.Memberships.AsNoTracking().Where(m => m.RemovedAt == null && m.Account.Kind == AccountKind.Organisation && m.Role != MemberRole.Member)
            .OrderBy(m => m.Account.Name).ThenBy(m => m.AccountId).ThenBy(m => m.Person.Email)
            .Select(m => new { m.AccountId, m.Account.Name, m.Person.Email, m.Role, m.CreatedAt }).ToListAsync(cancel);
        return rights.ConvertAll(m => new AccountRight(m.AccountId, m.Name, m.Email!, $"{m.Role}", m.CreatedAt));
    }

    private static async Task<List<OrganisationSize>> Organisations(PortalDb db, CancellationToken cancel)
    {
        var sizes = await db.Accounts.AsNoTracking().Where(a => a.Kind == AccountKind.Organisation).OrderBy(a => a.Name).ThenBy(a => a.Id)
            .Select(a => new { a.Id, a.Name, Members = db.Memberships.Count(m => m.AccountId == a.Id && m.RemovedAt == null && m.Role == MemberRole.Member) }).ToListAsync(cancel);
        return sizes.ConvertAll(a => new OrganisationSize(a.Id, a.Name, a.Members));
    }

    private static async Task<List<RightChange>> Changes(PortalDb db, DateTimeOffset month, DateTimeOffset end, CancellationToken cancel)
    {
        var changes = await db.AuditEntries.AsNoTracking().Where(a => a.At >= month && a.At < end && Actions.Contains(a.Action)).OrderBy(a => a.At).ThenBy(a => a.Id)
            .Select(a => new
            {
                a.At, a.Action, a.Detail, a.Before, a.After, a.Reason, By = db.Users.Where(p => p.Id == a.PersonId).Select(p => p.Email).FirstOrDefault(),
                Account = db.Accounts.Where(b => b.Id == a.AccountId).Select(b => b.Name).FirstOrDefault(),
            }).ToListAsync(cancel);
        return changes.ConvertAll(a => new RightChange(a.At, a.By, a.Action, a.Account, a.Detail, a.Before, a.After, a.Reason));
    }
}
