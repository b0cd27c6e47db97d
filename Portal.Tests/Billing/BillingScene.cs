using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Subscriptions;
using Portal.Billing.Subscriptions.Mail;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing;

/// <summary>A database with the shipped catalogue, a clock, the ledger, and customers as tests need them.</summary>
internal sealed class BillingScene : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly ServiceProvider words = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();

    private readonly bool owner;

    private BillingScene(TestDatabase database, FakeTime time, bool owner = true)
    {
        this.owner = owner;
        this.database = database;
        Time = time;
        Ledger = new LedgerWriter(database.Factory, time, Events);
        Catalogue = new CatalogReader(database.Factory, time);
        Desk = new PlanDesk(database.Factory, Ledger, time);
        Subscriptions = new SubscriptionReader(database.Factory, time);
        Trials = new TrialDesk(database.Factory, Ledger, time);
    }

    public FakeTime Time { get; }

    public WalletEvents Events { get; } = new();

    public LedgerWriter Ledger { get; }

    public CatalogReader Catalogue { get; }

    public PlanDesk Desk { get; }

    public SubscriptionReader Subscriptions { get; }

    public TrialDesk Trials { get; }

    public PortalDbFactory Databases => database.Factory;

    public static async Task<BillingScene> CreateAsync(DatabaseProvider provider = DatabaseProvider.Sqlite, FakeTime? time = null)
    {
        var scene = new BillingScene(await TestDatabase.CreateAsync(provider), time ?? new FakeTime());
        await new CatalogLoader(scene.Databases, scene.Time).Load(TestContext.Current.CancellationToken);
        return scene;
    }

    /// <summary>The same database seen by a node with another clock.</summary>
    public BillingScene At(FakeTime time) => new(database, time, owner: false);

    public PortalDb Open() => database.Open();

    /// <summary>The staff's way to make an invoice void.</summary>
    public InvoiceVoids Voids => new(Databases, Ledger, new Letters(Words<LetterText>()), Words<PlanMailText>());

    /// <summary>An account with its owner and, when asked for, purchased credit.</summary>
    public async Task<Caller> OpenAccountAsync(AccountKind kind = AccountKind.Personal, decimal credit = 0, string zone = "Asia/Shanghai", string culture = "en")
    {
        var (account, seat) = await Books.OpenAccount(Databases, Time, kind);
        await using var db = Open();
        await db.Accounts.Where(a => a.Id == account.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.TimeZone, zone));
        await db.Users.Where(p => p.Id == seat.PersonId).ExecuteUpdateAsync(set => set.SetProperty(p => p.Culture, culture));
        var person = await db.Users.SingleAsync(p => p.Id == seat.PersonId);
        var project = await db.Projects.SingleAsync(p => p.AccountId == account.Id);
        if (credit > 0) await TopUpAsync(account.Id, credit);
        return new Caller(person.Id, person.Email!, person.DisplayName, account.Id, kind, account.Name, zone, seat.Id, seat.Role, project.Id, null, false, false);
    }

    /// <summary>Somebody else in the account of <paramref name="of"/>.</summary>
    public async Task<Caller> JoinAsync(Caller of, MemberRole role, string culture = "en")
    {
        await using var db = Open();
        var person = AddPerson(db, culture);
        var seat = new Membership { Id = Guid.CreateVersion7(), AccountId = of.AccountId, PersonId = person.Id, Role = role, CreatedAt = Time.GetUtcNow(), AcceptedAt = Time.GetUtcNow() };
        db.Memberships.Add(seat);
        await db.SaveChangesAsync();
        return of with { PersonId = person.Id, Email = person.Email!, MembershipId = seat.Id, Role = role };
    }

    public Task TopUpAsync(Guid account, decimal amount) => Books.TopUp(Databases, Time, account, amount, Events);

    /// <summary>Quotes a plan and confirms the quote at once, as a click does.</summary>
    public async Task<Outcome<PlanChange>> ChooseAsync(Caller caller, string plan)
    {
        var quote = await Desk.Quote(caller, plan);
        return quote.IsDone(out var refusal) ? await Desk.Choose(caller, quote.Value, $"{Guid.NewGuid():N}") : refusal;
    }

    /// <param name="ledger">The ledger that it writes to, when it is not the scene's.</param>
    public Task<RenewalSummary> RenewAsync(LedgerWriter? ledger = null, CancellationToken cancel = default) => Renewals(ledger).Run(cancel);

    /// <summary>As when money has come.</summary>
    public Task<bool> RetryAsync(Guid account) => Renewals(null).Retry(account);

    public Task<(int Holds, int Wallets)> ExpireAsync() => new ExpiryRun(Databases, Ledger, Time, NullLogger<ExpiryRun>.Instance).Run();

    /// <summary>Uses up units of a quota, as settled prompts do.</summary>
    public async Task BurnAsync(Guid account, Unit unit, long units)
    {
        var key = $"burn:{Guid.NewGuid():N}";
        Assert.Null((await Ledger.Apply(new Draw(account, key, key, "prompt", unit, units, [LedgerCodes.Allowance], new(LedgerCodes.Used, unit)))).Refusal);
    }

    public Task<WalletView> WalletAsync(Guid account) => new WalletReader(Databases, Time).Read(account);

    /// <summary>Fails unless `verify` finds nothing; nobody sends the mails here.</summary>
    public Task AssertBooksAsync() => Books.AssertClean(Databases, Time, "outbox.unsent");

    public async ValueTask DisposeAsync()
    {
        await words.DisposeAsync();
        if (owner) await database.DisposeAsync();
    }

    private RenewalRun Renewals(LedgerWriter? ledger) =>
        new(Databases, ledger ?? Ledger, new PlanLetters(new Letters(Words<LetterText>()), Words<PlanMailText>()), Time, NullLogger<RenewalRun>.Instance);

    private IStringLocalizer<T> Words<T>() => words.GetRequiredService<IStringLocalizer<T>>();

    private Person AddPerson(PortalDb db, string culture)
    {
        var name = $"{Guid.NewGuid():N}@example.com";
        var person = new Person { Id = Guid.CreateVersion7(), UserName = name, Email = name, DisplayName = "Ada", Culture = culture, CreatedAt = Time.GetUtcNow() };
        db.Users.Add(person);
        return person;
    }
}
