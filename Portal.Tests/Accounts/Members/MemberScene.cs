using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Portal.Accounts;
using Portal.Accounts.Mail;
using Portal.Accounts.Members;
using Portal.Accounts.SignIn;
using Portal.Billing;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Verification;
using Portal.Catalog;
using Portal.Commands;
using Portal.Components;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Database;
using Portal.Payments;
using Portal.Prompts;
using Portal.Support;
using Portal.Support.Audit;
using Portal.Usage;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.Members;

/// <summary>An organisation with an owner, an admin and two students on a database of its own, behind the portal's own registrations.</summary>
public sealed class MemberScene : IAsyncDisposable
{
    public const string Origin = "http://portal.test/";

    private readonly TestDatabase database;
    private readonly WebApplication portal;
    private readonly AsyncServiceScope scope;
    private readonly string data = Directory.CreateTempSubdirectory("portal-members").FullName;

    private MemberScene(TestDatabase database, string environment)
    {
        this.database = database;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(database.Settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)).Append(new("DataDirectory", data)));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.AddDatabase();
        builder.AddAccounts();
        builder.AddMail();
        builder.AddSignIn();
        builder.AddBilling();
        builder.AddPayments();
        builder.AddSupport();
        builder.AddCatalog();
        builder.AddPrompts();
        builder.AddUsage();
        builder.AddComponents();
        builder.AddCommands([]);
        portal = builder.Build();
        scope = portal.Services.CreateAsyncScope();
    }

    public FakeTime Time { get; } = new();

    public Guid Account { get; private set; }

    public Caller Owner { get; private set; } = null!;

    public Caller Admin { get; private set; } = null!;

    public Caller Student { get; private set; } = null!;

    public Caller OtherStudent { get; private set; } = null!;

    /// <summary>The owner of another organisation.</summary>
    public Caller Stranger { get; private set; } = null!;

    public SeatAllocator Allocator => Get<SeatAllocator>();

    public MemberDesk Desk => Get<MemberDesk>();

    public LedgerWriter Ledger => Get<LedgerWriter>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The portal's registrations on a database with nobody in it.</summary>
    public static async Task<MemberScene> Empty(DatabaseProvider provider, string environment = "Development")
    {
        var scene = new MemberScene(await TestDatabase.CreateAsync(provider), environment);
        await scene.Get<CatalogLoader>().Load(Cancel);
        return scene;
    }

    public static async Task<MemberScene> Start(DatabaseProvider provider)
    {
        var scene = await Empty(provider);
        scene.Owner = await scene.NewOwner("owner@school.example", "School");
        scene.Account = scene.Owner.AccountId;
        scene.Stranger = await scene.NewOwner("owner@college.example", "College");
        scene.Admin = await scene.Join("admin@school.example", MemberRole.BillingAdmin);
        scene.Student = await scene.Join("student@school.example", MemberRole.Member);
        scene.OtherStudent = await scene.Join("other@school.example", MemberRole.Member);
        return scene;
    }

    public IServiceProvider Services => portal.Services;

    public T Get<T>() where T : notnull => scope.ServiceProvider.GetRequiredService<T>();

    public PortalDb Open() => database.Open();

    /// <summary>As the portal sees this person now; null when they may do nothing any more.</summary>
    public async Task<Caller?> Again(Caller caller)
    {
        await using var db = Open();
        var seat = await db.Memberships.Include(m => m.Account).Include(m => m.Person).SingleAsync(m => m.Id == caller.MembershipId, Cancel);
        return seat.RemovedAt is null ? CallerOf(seat) : null;
    }

    public async Task Grant(string code, Unit unit, long amount, DateTimeOffset? expires = null)
    {
        var key = $"{Guid.NewGuid()}";
        var leg = new Leg(new AccountRef(LedgerCodes.Issued, unit), new AccountRef(code, unit, ExpiresAt: expires), amount, "grant");
        Assert.Null((await Ledger.Apply(new Move(Account, key, key, [leg]), Cancel)).Refusal);
    }

    public async Task<long> Left(Caller seat, Unit unit) =>
        (await Get<WalletReader>().Read(Account, Cancel)).Available(unit, LedgerCodes.Seat, seat.MembershipId);

    public async Task<long> Free(Unit unit)
    {
        var wallet = await Get<WalletReader>().Read(Account, Cancel);
        return wallet.Available(unit, LedgerCodes.Allowance) + wallet.Available(unit, LedgerCodes.Pool);
    }

    /// <summary>A person with a confirmed address and a password.</summary>
    public async Task<Person> NewPerson(string email)
    {
        var people = Get<UserManager<Person>>();
        var person = new Person { Id = Guid.NewGuid(), UserName = email, Email = email, EmailConfirmed = true, DisplayName = email.Split('@')[0], PasswordHash = "set" };
        Assert.True((await people.CreateAsync(person)).Succeeded);
        return person;
    }

    public async Task<Caller> NewOwner(string email, string organisation)
    {
        var person = await NewPerson(email);
        await using var db = Open();
        var account = AccountOpener.Open(db, AccountKind.Organisation, organisation, person.Id, Time.GetUtcNow());
        await db.SaveChangesAsync(Cancel);
        return CallerOf(await db.Memberships.Include(m => m.Account).Include(m => m.Person).SingleAsync(m => m.AccountId == account.Id, Cancel));
    }

    public async Task AssertBooks()
    {
        await Get<AuditSealer>().Seal(Cancel);
        var books = await Get<BookVerifier>().Verify(cancel: Cancel);
        Assert.Empty(books.Findings);
    }

    public async ValueTask DisposeAsync()
    {
        await scope.DisposeAsync();
        await portal.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    private async Task<Caller> Join(string email, MemberRole role)
    {
        var person = await NewPerson(email);
        await using var db = Open();
        var seat = new Membership { Id = Guid.NewGuid(), AccountId = Account, PersonId = person.Id, Role = role, CreatedAt = Time.GetUtcNow(), AcceptedAt = Time.GetUtcNow() };
        db.Memberships.Add(seat);
        await db.SaveChangesAsync(Cancel);
        return CallerOf(await db.Memberships.Include(m => m.Account).Include(m => m.Person).SingleAsync(m => m.Id == seat.Id, Cancel));
    }

    private static Caller CallerOf(Membership seat) => new(
        seat.PersonId, seat.Person.Email!, seat.Person.DisplayName, seat.AccountId, seat.Account.Kind, seat.Account.Name, seat.Account.TimeZone, seat.Id, seat.Role,
        Guid.Empty, null, IsSupport: false, IsAdministrator: false);
}
