using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Accounts.Keys;
using Portal.Accounts.Members;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Subscriptions;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;

namespace Portal.Commands;

/// <summary>
/// The people of Development: one for each role, with known passwords. Rows that money and quota depend on are made by the portal's own
/// commands, so that the books balance; the ledger only grows, so a reset tops up what was spent instead of undoing it.
/// </summary>
public sealed class DemoPeople(
    IDbContextFactory<PortalDb> databases, IServiceScopeFactory scopes, Callers callers, ApiKeys keys, LedgerWriter ledger, WalletReader wallets,
    PlanDesk plans, SeatAllocator seats, TimeProvider clock)
{
    public const string Password = "demo-portal";
    public const string School = "Demo School";

    private const string KeyName = "Demo";
    private const string GrantCode = "demo";
    private const string SchoolPlan = "edu-starter";
    private const long PoolImages = 1000;
    private const long PoolTokens = 100_000;
    private const int CreditDays = 365;

    private static readonly Money CustomerCredit = Money.FromAmount(20);
    private static readonly (Unit Unit, long Amount)[] StudentQuota = [(Unit.Tokens, 20_000), (Unit.Images, 50)];

    public static IReadOnlyList<DemoPerson> All { get; } =
    [
        new("customer@demo.example", "Demo customer", "customer"),
        new("owner@school.example", "Demo owner", "owner", Seat: MemberRole.Owner),
        new("student@school.example", "Demo student", "student", Seat: MemberRole.Member),
        new("support@demo.example", "Demo support", "support", StaffRole: Roles.Support),
        new("admin@demo.example", "Demo administrator", "administrator", StaffRole: Roles.Administrator),
    ];

    /// <summary>Makes them where one is missing; whoever is there stays as they are.</summary>
    public async Task Ensure(CancellationToken cancel = default)
    {
        var emails = All.Select(p => p.Email).ToList();
        await using (var db = databases.CreateDbContext())
        {
            if (await db.Users.CountAsync(p => emails.Contains(p.Email!), cancel) == All.Count)
            {
                return;
            }
        }

        await Restore(cancel);
    }

    /// <summary>Passwords, roles and seats as they were made; credit and quota at least as much; new API keys in place of the last ones.</summary>
    public async Task<IReadOnlyList<DemoAccess>> Reset(CancellationToken cancel = default)
    {
        var people = await Restore(cancel);
        var access = new List<DemoAccess>();
        foreach (var (person, caller) in people)
        {
            foreach (var old in (await keys.List(caller, cancel)).Where(k => k.Name == KeyName && k.Mine))
            {
                await keys.Revoke(caller, old.Id, cancel);
            }

            var key = await keys.Create(caller, new KeyTerms(KeyName), cancel);
            access.Add(new DemoAccess(person.Email, Password, person.Role, caller.AccountId, key.Value.Secret));
        }

        return access;
    }

    private async Task<List<(DemoPerson Person, Caller Caller)>> Restore(CancellationToken cancel)
    {
        await RestoreRows(cancel);
        var people = new List<(DemoPerson Person, Caller Caller)>();
        foreach (var person in All)
        {
            people.Add((person, await CallerOf(person, cancel)));
        }

        foreach (var (_, caller) in people.Where(p => p.Person.Role == "customer"))
        {
            await Credit(caller, CustomerCredit, cancel);
        }

        var owner = people.Find(p => p.Person.Seat == MemberRole.Owner).Caller;
        await Subscribe(owner, cancel);
        await FillSeat(owner, people.Find(p => p.Person.Seat == MemberRole.Member).Caller.MembershipId, cancel);
        await FillPool(owner, Unit.Images, PoolImages, cancel);
        await FillPool(owner, Unit.Tokens, PoolTokens, cancel);
        return people;
    }

    private async Task RestoreRows(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await StaffRoles.Ensure(scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<Guid>>>());
        var normalizer = scope.ServiceProvider.GetRequiredService<ILookupNormalizer>();

        // One hash for all: making one is slow on purpose, and everybody knows this password.
        var hash = scope.ServiceProvider.GetRequiredService<IPasswordHasher<Person>>().HashPassword(new Person(), Password);
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        foreach (var demo in All)
        {
            var person = await RestorePerson(db, demo, normalizer, hash, cancel);
            await RestoreSeat(db, demo, person, cancel);
            await db.SaveChangesAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
    }

    private async Task<Person> RestorePerson(PortalDb db, DemoPerson demo, ILookupNormalizer normalizer, string hash, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var person = await db.Users.FirstOrDefaultAsync(p => p.Email == demo.Email, cancel);
        if (person is null)
        {
            person = new Person { Id = Guid.CreateVersion7(now), UserName = demo.Email, Email = demo.Email, CreatedAt = now };
            db.Users.Add(person);
        }

        person.NormalizedUserName = normalizer.NormalizeName(demo.Email);
        person.NormalizedEmail = normalizer.NormalizeEmail(demo.Email);
        person.DisplayName = demo.Name;
        person.EmailConfirmed = true;
        person.PasswordHash = hash;
        person.SecurityStamp = Guid.NewGuid().ToString("N");
        person.LockoutEnabled = true;
        person.LockoutEnd = null;
        person.AccessFailedCount = 0;
        var role = demo.StaffRole is null ? null : await db.Roles.FirstAsync(r => r.Name == demo.StaffRole, cancel);
        var held = await db.UserRoles.Where(r => r.UserId == person.Id).ToListAsync(cancel);
        db.UserRoles.RemoveRange(held.Where(r => r.RoleId != role?.Id));
        if (role is not null && held.All(r => r.RoleId != role.Id))
        {
            db.UserRoles.Add(new IdentityUserRole<Guid> { UserId = person.Id, RoleId = role.Id });
        }

        return person;
    }

    private async Task RestoreSeat(PortalDb db, DemoPerson demo, Person person, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var kind = demo.Seat is null ? AccountKind.Personal : AccountKind.Organisation;
        var seat = await db.Memberships.Where(m => m.PersonId == person.Id && m.Account.Kind == kind && (kind == AccountKind.Personal || m.Account.Name == School))
            .FirstOrDefaultAsync(cancel);
        if (seat is not null)
        {
            (seat.RemovedAt, seat.Role) = (null, demo.Seat ?? MemberRole.Owner);
            return;
        }

        if (demo.Seat is MemberRole.Member)
        {
            var school = await db.Memberships.Where(m => m.Account.Name == School && m.Person.Email == All[1].Email).Select(m => m.AccountId).FirstAsync(cancel);
            db.Memberships.Add(new Membership { Id = Guid.CreateVersion7(now), AccountId = school, PersonId = person.Id, Role = MemberRole.Member, CreatedAt = now, AcceptedAt = now });
            return;
        }

        AccountOpener.Open(db, kind, kind == AccountKind.Personal ? demo.Name : School, person.Id, now);
    }

    private async Task<Caller> CallerOf(DemoPerson demo, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        var seat = await db.Memberships.Where(m => m.Person.Email == demo.Email && m.RemovedAt == null && (demo.Seat == null || m.Account.Name == School))
            .OrderBy(m => m.Account.Kind).ThenBy(m => m.CreatedAt).Select(m => new { m.PersonId, m.AccountId }).FirstAsync(cancel);
        var claims = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{seat.PersonId}"), new Claim(Callers.AccountClaim, $"{seat.AccountId}")]);
        return await callers.Resolve(new ClaimsPrincipal(claims), cancel) ?? throw new InvalidOperationException($"{demo.Email} was made and is nobody.");
    }

    /// <summary>Gives as much as is missing to <paramref name="least"/>.</summary>
    private async Task Credit(Caller caller, Money least, CancellationToken cancel)
    {
        var missing = least - (await wallets.Read(caller.AccountId, cancel)).Spendable;
        if (missing > Money.Zero)
        {
            var id = Guid.NewGuid();
            await Grant(caller, new AccountRef(LedgerCodes.CreditGranted, Unit.Money, id, clock.GetUtcNow().AddDays(CreditDays)), missing.Nanos, id, cancel);
        }
    }

    private async Task FillPool(Caller owner, Unit unit, long least, CancellationToken cancel)
    {
        var missing = least - (await wallets.Read(owner.AccountId, cancel)).Available(unit, LedgerCodes.Pool);
        if (missing > 0)
        {
            await Grant(owner, new AccountRef(LedgerCodes.Pool, unit), missing, Guid.NewGuid(), cancel);
        }
    }

    private async Task Grant(Caller caller, AccountRef to, long amount, Guid id, CancellationToken cancel)
    {
        var leg = new Leg(new AccountRef(LedgerCodes.Issued, to.Unit), to, amount, GrantCode);
        Must(await ledger.Apply(new Move(caller.AccountId, $"{GrantCode}:{id:N}", GrantCode, [leg]), cancel));
    }

    /// <summary>An active plan, paid from credit that is given for it.</summary>
    private async Task Subscribe(Caller owner, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using (var db = databases.CreateDbContext())
        {
            if (await db.Subscriptions.AnyAsync(s => s.AccountId == owner.AccountId && s.Status == SubscriptionStatus.Active && s.PeriodEnd > now, cancel))
            {
                return;
            }
        }

        var quote = Must(await plans.Quote(owner, SchoolPlan, cancel: cancel));
        await Credit(owner, quote.Total, cancel);
        Must(await plans.Choose(owner, quote, $"{Guid.NewGuid():N}", cancel));
    }

    private async Task FillSeat(Caller owner, Guid seat, CancellationToken cancel)
    {
        foreach (var (unit, amount) in StudentQuota)
        {
            var missing = amount - (await wallets.Read(owner.AccountId, cancel)).Available(unit, LedgerCodes.Seat, seat);
            if (missing <= 0)
            {
                continue;
            }

            await FillPool(owner, unit, missing, cancel);
            Must(await seats.Give(owner, [seat], unit, missing, Guid.NewGuid(), cancel));
        }
    }

    private static T Must<T>(Outcome<T> outcome) =>
        outcome.IsDone(out var refusal) ? outcome.Value : throw new InvalidOperationException($"The demo people could not be made: {refusal}.");
}
