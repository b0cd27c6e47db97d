using System.Globalization;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Keys;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Accounts;

/// <summary>Finds out who is calling and in which account. Reads the database each time, so that a revoked right ends at once. Whoever calls in an account has accepted their seat there.</summary>
public sealed class Callers(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <summary>The claim that holds the account chosen in the header.</summary>
    public const string AccountClaim = "portal:account";

    /// <summary>The claim that holds the account that the staff visit, in which they see what its owner sees.</summary>
    public const string VisitClaim = "portal:visit";

    /// <summary>The claim that holds the visit's end, in seconds since 1970.</summary>
    public const string VisitEndClaim = "portal:visit-end";

    /// <summary>The claim that holds the visit's id.</summary>
    public const string VisitIdClaim = "portal:visit-id";

    /// <summary>Written to the audit, with the visit's id, when the staff end a visit.</summary>
    public const string VisitOverAction = "customer.left";

    /// <summary>After which the staff are themselves again.</summary>
    public static readonly TimeSpan VisitLengthMax = TimeSpan.FromMinutes(30);

    /// <returns>Null when nobody is signed in, the person is locked out, or they belong to no account.</returns>
    public async Task<Caller?> Resolve(ClaimsPrincipal user, CancellationToken cancel = default)
    {
        if (!Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var personId))
        {
            return null;
        }

        await using var db = databases.CreateDbContext();
        var seats = await Seats(db, db.Memberships.Where(m => m.PersonId == personId), cancel);

        // Without a choice: the personal account, else the oldest membership. A choice that is gone is nobody's: what was meant for one
        // account must never be paid by another.
        var seat = Guid.TryParse(user.FindFirstValue(AccountClaim), out var chosen)
            ? seats.Find(s => s.AccountId == chosen)
            : seats.OrderBy(s => s.Kind).ThenBy(s => s.JoinedAt).FirstOrDefault();
        if (seat is not null && !(seat.AcceptedAt >= seat.JoinedAt))
        {
            await db.Memberships.Where(m => m.Id == seat.MembershipId).ExecuteUpdateAsync(set => set.SetProperty(m => m.AcceptedAt, clock.GetUtcNow()), cancel);
        }

        var caller = seat is null ? null : await ToCaller(db, seat, cancel);
        return caller is not null && Visited(user) is { } visit ? await OnVisit(db, caller, visit.Account, visit.Id, cancel) : caller;
    }

    /// <returns>Null when there is no visit, or it is over: the staff are themselves again.</returns>
    private (Guid Account, string Id)? Visited(ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue(VisitClaim), out var account) && user.FindFirstValue(VisitIdClaim) is { } id
        && long.TryParse(user.FindFirstValue(VisitEndClaim), NumberStyles.None, CultureInfo.InvariantCulture, out var end) && clock.GetUtcNow().ToUnixTimeSeconds() < end
            ? (account, id) : null;

    /// <summary>The account's owner as the staff see them: everything is the owner's but that nothing may be changed. A lock does not hide a customer from the staff.</summary>
    private async Task<Caller?> OnVisit(PortalDb db, Caller staff, Guid accountId, string visit, CancellationToken cancel)
    {
        if (!staff.IsStaff)
        {
            return null;
        }

        // A visit that was ended stays ended for a copy of its cookie too.
        var since = clock.GetUtcNow() - VisitLengthMax;
        if (await db.AuditEntries.AnyAsync(a => a.PersonId == staff.PersonId && a.At >= since && a.Action == VisitOverAction && a.Subject == visit, cancel))
        {
            return staff;
        }

        var owner = await AsSeats(db.Memberships.AsNoTracking().Where(m => m.AccountId == accountId && m.RemovedAt == null && m.Role == MemberRole.Owner).OrderBy(m => m.CreatedAt))
            .FirstOrDefaultAsync(cancel);
        return owner is null ? null : await ToCaller(db, owner, cancel) with { IsSupport = false, IsAdministrator = false, ReadOnly = true };
    }

    /// <summary>The accounts that a person can act in, for the switch in the header.</summary>
    public async Task<IReadOnlyList<AccountChoice>> Choices(Guid personId, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return await db.Memberships.AsNoTracking().Where(m => m.PersonId == personId && m.RemovedAt == null)
            .OrderBy(m => m.Account.Kind).ThenBy(m => m.CreatedAt)
            .Select(m => new AccountChoice(m.AccountId, m.Account.Name, m.Account.Kind, m.Role)).ToListAsync(cancel);
    }

    /// <summary>Those of <paramref name="acting"/> whose key or its secret ended, whose person was locked or whose seat was taken away since they called.</summary>
    public async Task<IReadOnlySet<Caller>> Gone(IReadOnlyCollection<Caller> acting, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (acting.Count == 0)
        {
            return new HashSet<Caller>();
        }

        var (seats, keys) = (acting.Select(c => c.MembershipId).Distinct().ToList(), acting.Select(c => c.ApiKeyId).OfType<Guid>().Distinct().ToList());
        await using var db = databases.CreateDbContext();
        var good = (await InForce(db.Memberships.Where(m => seats.Contains(m.Id))).Select(m => m.Id).ToListAsync(cancel)).ToHashSet();
        var known = keys.Count == 0 ? [] : await db.ApiKeys.AsNoTracking().Where(k => keys.Contains(k.Id)).ToDictionaryAsync(k => k.Id, cancel);
        return acting.Where(c => !good.Contains(c.MembershipId) || (c.ApiKeyId is { } id && IsShut(known.GetValueOrDefault(id), c.KeyRights, now))).ToHashSet();
    }

    internal static IQueryable<Membership> InForce(IQueryable<Membership> memberships) =>
        memberships.AsNoTracking().Where(m => m.RemovedAt == null && (m.Person.LockoutEnd == null || m.Person.LockoutEnd < StaffLock.End));

    private static bool IsShut(ApiKey? key, KeyRights? rights, DateTimeOffset now) => key is null || KeyDoor.WhyShut(key, rights?.SecretHash, now) is not null;

    private static async Task<List<Seat>> Seats(PortalDb db, IQueryable<Membership> memberships, CancellationToken cancel) => await AsSeats(InForce(memberships)).ToListAsync(cancel);

    private static IQueryable<Seat> AsSeats(IQueryable<Membership> memberships) =>
        memberships.Select(m => new Seat(m.Id, m.PersonId, m.Person.Email!, m.Person.DisplayName, m.AccountId, m.Account.Kind, m.Account.Name, m.Account.TimeZone, m.Role, m.CreatedAt, m.AcceptedAt));

    private static async Task<Caller> ToCaller(PortalDb db, Seat seat, CancellationToken cancel)
    {
        var roles = await db.UserRoles.Where(r => r.UserId == seat.PersonId).Join(db.Roles, r => r.RoleId, r => r.Id, (_, r) => r.Name).ToListAsync(cancel);
        var project = await db.Projects.Where(p => p.AccountId == seat.AccountId && p.ArchivedAt == null).OrderBy(p => p.CreatedAt).Select(p => p.Id).FirstAsync(cancel);
        return new Caller(
            seat.PersonId, seat.Email, seat.DisplayName, seat.AccountId, seat.Kind, seat.AccountName, seat.TimeZone, seat.MembershipId, seat.Role,
            project, null, roles.Contains(Roles.Support), roles.Contains(Roles.Administrator));
    }

    private sealed record Seat(
        Guid MembershipId, Guid PersonId, string Email, string DisplayName, Guid AccountId, AccountKind Kind, string AccountName, string TimeZone, MemberRole Role,
        DateTimeOffset JoinedAt, DateTimeOffset? AcceptedAt);
}

/// <summary>An account that a person can switch to.</summary>
public sealed record AccountChoice(Guid AccountId, string Name, AccountKind Kind, MemberRole Role);
