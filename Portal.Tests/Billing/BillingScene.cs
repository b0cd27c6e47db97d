using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Billing.Ledger;
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

    private BillingScene(TestDatabase database, FakeTime time)
    {
        this.database = database;
        Time = time;
        Ledger = new LedgerWriter(database.Factory, time, Events);
        Catalogue = new CatalogReader(database.Factory, time);
    }

    public FakeTime Time { get; }

    public WalletEvents Events { get; } = new();

    public LedgerWriter Ledger { get; }

    public CatalogReader Catalogue { get; }

    public PortalDbFactory Databases => database.Factory;

    public static async Task<BillingScene> CreateAsync(DatabaseProvider provider = DatabaseProvider.Sqlite, FakeTime? time = null)
    {
        var scene = new BillingScene(await TestDatabase.CreateAsync(provider), time ?? new FakeTime());
        await new CatalogLoader(scene.Databases, scene.Time).Load(TestContext.Current.CancellationToken);
        return scene;
    }

    public PortalDb Open() => database.Open();

    /// <summary>An account with its owner and, when asked for, purchased credit.</summary>
    public async Task<Caller> OpenAccountAsync(AccountKind kind = AccountKind.Personal, decimal credit = 0, string zone = "Asia/Shanghai", string culture = "en")
    {
        await using var db = Open();
        var owner = AddPerson(db, culture);
        var account = AccountOpener.Open(db, kind, "Ada & Sons", owner.Id, Time.GetUtcNow());
        account.TimeZone = zone;
        await db.SaveChangesAsync();
        var seat = await db.Memberships.SingleAsync(m => m.AccountId == account.Id);
        var project = await db.Projects.SingleAsync(p => p.AccountId == account.Id);
        if (credit > 0) await TopUpAsync(account.Id, credit);
        return new Caller(owner.Id, owner.Email!, owner.DisplayName, account.Id, kind, account.Name, zone, seat.Id, seat.Role, project.Id, null, false, false);
    }

    /// <summary>Somebody else in the account of <paramref name="of"/>.</summary>
    public async Task<Caller> JoinAsync(Caller of, MemberRole role, string culture = "en")
    {
        await using var db = Open();
        var person = AddPerson(db, culture);
        var seat = new Membership { Id = Guid.CreateVersion7(), AccountId = of.AccountId, PersonId = person.Id, Role = role, CreatedAt = Time.GetUtcNow() };
        db.Memberships.Add(seat);
        await db.SaveChangesAsync();
        return of with { PersonId = person.Id, Email = person.Email!, MembershipId = seat.Id, Role = role };
    }

    public async Task TopUpAsync(Guid account, decimal amount)
    {
        var key = $"topup:{Guid.NewGuid():N}";
        var leg = new Leg(new(LedgerCodes.Clearing, Unit.Money), new(LedgerCodes.CreditPurchased, Unit.Money), Money.FromAmount(amount).Nanos, "topup");
        Assert.Null((await Ledger.Apply(new Move(account, key, key, [leg]))).Refusal);
    }

    /// <summary>Uses up units of a quota, as settled prompts do.</summary>
    public async Task BurnAsync(Guid account, Unit unit, long units)
    {
        var key = $"burn:{Guid.NewGuid():N}";
        Assert.Null((await Ledger.Apply(new Draw(account, key, key, "prompt", unit, units, [LedgerCodes.Allowance], new(LedgerCodes.Used, unit)))).Refusal);
    }

    public Task<WalletView> WalletAsync(Guid account) => new WalletReader(Databases, Time).Read(account);

    /// <summary>What `verify` proves of a wallet: sums of zero, balances that equal their transfers, nothing below its floor.</summary>
    public async Task AssertBooksBalanceAsync()
    {
        await using var db = Open();
        var accounts = await db.LedgerAccounts.AsNoTracking().ToListAsync();
        var transfers = await db.Transfers.AsNoTracking().Where(t => t.Kind != TransferKind.Pending).ToListAsync();
        Assert.All(accounts, a => Assert.Equal(a.Balance, transfers.Where(t => t.CreditId == a.Id).Sum(t => t.Amount) - transfers.Where(t => t.DebitId == a.Id).Sum(t => t.Amount)));
        Assert.All(accounts.GroupBy(a => (a.WalletId, a.Unit)), g => Assert.Equal(0, g.Sum(a => a.Balance)));
        Assert.All(accounts, a => Assert.True(a.Floor is null || a.Balance - a.Held >= a.Floor));
        var invoices = await db.Invoices.AsNoTracking().Include(i => i.Lines).ToListAsync();
        Assert.All(invoices, i => Assert.Equal(i.TotalNanos, i.Lines.Sum(l => l.AmountNanos)));
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private Person AddPerson(PortalDb db, string culture)
    {
        var name = $"{Guid.NewGuid():N}@example.com";
        var person = new Person { Id = Guid.CreateVersion7(), UserName = name, Email = name, DisplayName = "Ada", Culture = culture, CreatedAt = Time.GetUtcNow() };
        db.Users.Add(person);
        return person;
    }
}
