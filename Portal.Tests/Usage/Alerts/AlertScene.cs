using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Accounts.Keys;
using Portal.Accounts.Budgets;
using Portal.Accounts.Mail;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Jobs;
using Portal.Data.Usage;
using Portal.Tests.Billing.Ledger;
using Portal.Tests.Fixtures;
using Portal.Usage.Alerts;

namespace Portal.Tests.Usage.Alerts;

/// <summary>An organisation whose owner reads Chinese, with a billing admin who reads English and a student.</summary>
internal sealed class AlertScene : IAsyncDisposable
{
    private readonly ServiceProvider words = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
    private readonly TestDatabase database;
    private readonly LedgerWriter ledger;
    private int moves;

    private AlertScene(TestDatabase database)
    {
        this.database = database;
        ledger = new LedgerWriter(database.Factory, Time, new WalletEvents());
    }

    public FakeTime Time { get; } = new();

    public Caller Owner { get; private set; } = null!;

    public Caller Student { get; private set; } = null!;

    public AlertDesk Desk => new(database.Factory, Time);

    public static async Task<AlertScene> Open(DatabaseProvider provider = DatabaseProvider.Sqlite)
    {
        var scene = new AlertScene(await TestDatabase.CreateAsync(provider));
        var rows = new UsageRows(scene.database, scene.Time);
        scene.Owner = await rows.Open();
        scene.Student = await rows.Join(scene.Owner, "Student");
        var admin = await rows.Join(scene.Owner, "Admin");
        await using var db = scene.database.Open();
        await db.Memberships.Where(m => m.Id == admin.MembershipId).ExecuteUpdateAsync(set => set.SetProperty(m => m.Role, MemberRole.BillingAdmin));
        await db.Users.Where(p => p.Id == scene.Owner.PersonId).ExecuteUpdateAsync(set => set.SetProperty(p => p.Culture, "zh-CN").SetProperty(p => p.Email, "owner@example.com"));
        await db.Users.Where(p => p.Id == admin.PersonId).ExecuteUpdateAsync(set => set.SetProperty(p => p.Email, "admin@example.com"));
        return scene;
    }

    /// <summary>A run of a node that has looked at nothing yet.</summary>
    public AlertRun NewRun() => new(
        database.Factory,
        new AlertLetters(
            new Letters(words.GetRequiredService<IStringLocalizer<LetterText>>()), new LetterLinks(Options.Create(new MailOptions { PublicUrl = "https://portal.example.org" }), new OwnAddress(null!)),
            words.GetRequiredService<IStringLocalizer<AlertText>>()),
        Time, NullLogger<AlertRun>.Instance);

    public Task TopUp(decimal yuan, Caller? caller = null) => Books.TopUp(database.Factory, Time, (caller ?? Owner).AccountId, yuan);

    public async Task Speak(Caller caller, string culture)
    {
        await using var db = database.Open();
        await db.Users.Where(p => p.Id == caller.PersonId).ExecuteUpdateAsync(set => set.SetProperty(p => p.Culture, culture));
    }

    public Task Spend(decimal yuan) => Move(
        new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), new AccountRef(LedgerCodes.RevenuePlan, Unit.Money), Money.FromAmount(yuan).Nanos);

    public Task Grant(Unit unit, long units, DateTimeOffset end) => Move(new AccountRef(LedgerCodes.Issued, unit), new AccountRef(LedgerCodes.Allowance, unit, ExpiresAt: end), units);

    public Task Use(Unit unit, long units, DateTimeOffset end) => Move(new AccountRef(LedgerCodes.Allowance, unit, ExpiresAt: end), new AccountRef(LedgerCodes.Used, unit), units);

    /// <summary>A key of the owner in the account's project.</summary>
    public async Task<(Guid Project, Guid Key)> Key(string name)
    {
        await using var db = database.Open();
        var project = await db.Projects.Where(p => p.AccountId == Owner.AccountId).Select(p => p.Id).SingleAsync();
        return (project, (await new ApiKeys(database.Factory, Time, new KeyDoor(database.Factory, Time)).Create(Owner, new KeyTerms(name, project))).Value.Id);
    }

    public async Task Budget(Guid subject, CapWindow window, long limit, CapMeter meter = CapMeter.Tokens) =>
        Assert.Null((await new BudgetDesk(database.Factory, ledger, Time).Set(Owner, subject, meter, window, limit)).Refusal);

    /// <summary>Holds and settles a prompt of this many tokens.</summary>
    public async Task Prompt(Caller caller, Guid project, Guid? key, long tokens)
    {
        var prompt = WalletScene.Hold(Owner.AccountId, Guid.NewGuid(), tokens) with
        {
            By = new Spender(project, caller.PersonId, caller.MembershipId, key),
            Windows = UsageWindows.At(Time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(Owner.TimeZone), null),
        };
        Assert.Null((await ledger.Apply(prompt)).Refusal);
        Assert.Null((await ledger.Apply(WalletScene.Settle(Owner.AccountId, prompt.HoldId, tokens))).Refusal);
    }

    public async Task<List<OutboxMail>> Mails()
    {
        await using var db = database.Open();
        return await db.OutboxMails.OrderBy(m => m.Id).ThenBy(m => m.To).ToListAsync();
    }

    public async Task<List<AlertEvent>> Events()
    {
        await using var db = database.Open();
        return await db.AlertEvents.OrderBy(e => e.At).ThenBy(e => e.Window).ToListAsync();
    }

    public async Task<AlertRuleView> Rule(AlertKind kind) => (await Desk.Read(Owner)).Value.Rules.Single(r => r.Kind == kind);

    public async Task<Caller> Stranger() => await new UsageRows(database, Time).Open();

    public async ValueTask DisposeAsync()
    {
        // No job sends the letters here.
        await Books.AssertClean(database.Factory, Time, "outbox.unsent");
        await words.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task Move(AccountRef debit, AccountRef credit, long amount) =>
        Assert.Null((await ledger.Apply(new Move(Owner.AccountId, $"move {moves++}", "test", [new Leg(debit, credit, amount, "test")]))).Refusal);
}
