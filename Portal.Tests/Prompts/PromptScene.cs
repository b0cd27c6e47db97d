using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Usage;
using Portal.Inference;
using Portal.Inference.Text;
using Portal.Prompts.Pricing;
using Portal.Prompts;
using Portal.Prompts.Advice;
using Portal.Prompts.Marks;
using Portal.Prompts.Answers;
using Portal.Prompts.Cache;
using Portal.Prompts.Requests;
using Portal.Prompts.Routing;
using Portal.Prompts.Routing.Canaries;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts;

/// <summary>A runner on a database with the shipped catalogue, an owner who has money or quota as the test says, and scripted models.</summary>
internal sealed class PromptScene : IAsyncDisposable
{
    /// <summary>List price of a token in the first tier, prepaid: 0.000006 × 0.9.</summary>
    public const long NanosPerToken = 5400;

    private readonly List<PromptPricing> pricings = [];

    private PromptScene(TestDatabase database, FakeTime time, Caller owner)
    {
        Database = database;
        Time = time;
        Owner = owner;
        Ledger = new LedgerWriter(database.Factory, time, new WalletEvents());
        Models = new PromptModels(
            () => Statuses, id => id == Text.Id ? Text : Others.Find(m => m.Id == id), id => id == Images.Id ? Images : null) { Load = _ => Load };
        Cache = new AnswerCache(database.Factory, time, Options.Create(CacheOptions), NullLogger<AnswerCache>.Instance);
        Aliases = new AliasTable(database.Factory, time);
        Tally = new CanaryTally(database.Factory, time, NullLogger<CanaryTally>.Instance);
        Runner = NewRunner(Ledger);
    }

    public TestDatabase Database { get; }

    public FakeTime Time { get; }

    public ScriptedText Text { get; init; } = new();

    /// <summary>Further text models; each needs a status.</summary>
    public List<ScriptedText> Others { get; } = [];

    public EngineLoad? Load { get; set; }

    public CanaryTally Tally { get; }

    public AliasTable Aliases { get; }

    public AnswerCache Cache { get; }

    public CacheOptions CacheOptions { get; } = new();

    public ScriptedImages Images { get; } = new();

    public List<ModelStatus> Statuses { get; } = [new("guide", ModelKind.Text, ModelState.Ready), new("shapes", ModelKind.Image, ModelState.Ready)];

    public PromptModels Models { get; }

    public LedgerWriter Ledger { get; }

    public ApplicationLifetime Host { get; } = new(NullLogger<ApplicationLifetime>.Instance);

    public PromptRunner Runner { get; }

    public Caller Owner { get; }

    public static async Task<PromptScene> Start(DatabaseProvider provider = DatabaseProvider.Sqlite, decimal yuan = 0, ScriptedText? text = null)
    {
        var time = new FakeTime();
        var database = await TestDatabase.CreateAsync(provider);
        await new CatalogLoader(database.Factory, time).Load(CancellationToken.None);
        var (account, seat) = await Books.OpenAccount(database.Factory, time);
        var scene = new PromptScene(database, time, await CallerOf(database, seat)) { Text = text ?? new() };
        if (yuan > 0) await Books.TopUp(database.Factory, time, account.Id, yuan);
        return scene;
    }

    public PromptRunner NewRunner(LedgerWriter ledger, PromptsOptions? options = null)
    {
        var chosen = Options.Create(options ?? new PromptsOptions());
        return new PromptRunner(
            NewPlanner(chosen), new WalletReader(Database.Factory, Time), ledger,
            new PromptSettler(ledger, Time, Host, NullLogger<PromptSettler>.Instance), Cache, Tally, new Callers(Database.Factory, Time),
            Time, chosen, Host, NullLogger<PromptRunner>.Instance);
    }

    public PromptAdvice NewAdvice() => new(NewPlanner(Options.Create(new PromptsOptions())), Models, new WalletReader(Database.Factory, Time));

    public static TextPrompt Say(string prompt, int? maxTokens = 5, Guid? id = null) =>
        new(id ?? Guid.NewGuid(), "guide", [new ChatMessage("user", prompt)], maxTokens);

    public static ImagePrompt Draw(int size = 64, int count = 1) => new(Guid.NewGuid(), "shapes", "a red circle", size, size, 9, 1, count);

    /// <summary>Grants quota to the account, the pool, or a seat of it.</summary>
    public async Task Grant(Unit unit, long units, string code = LedgerCodes.Allowance, Guid? seat = null)
    {
        var key = Guid.NewGuid().ToString("N");
        var leg = new Leg(new AccountRef(LedgerCodes.Issued, unit), new AccountRef(code, unit, seat), units, "grant");
        Assert.Null((await Ledger.Apply(new Move(Owner.AccountId, key, key, [leg]))).Refusal);
    }

    /// <summary>Puts the account on a plan of the catalogue, without its allowance.</summary>
    public async Task Subscribe(string plan)
    {
        await using var db = Database.Open();
        var (id, now) = (Guid.NewGuid(), Time.GetUtcNow());
        var planId = await db.Plans.Where(p => p.Key == plan).Select(p => p.Id).SingleAsync();
        db.Subscriptions.Add(new Subscription { Id = id, AccountId = Owner.AccountId, PlanId = planId, Anchor = now, PeriodStart = now, PeriodEnd = now.AddMonths(1) });
        db.SubscriptionPeriods.Add(new SubscriptionPeriod { SubscriptionId = id, Start = now, End = now.AddMonths(1), PaidEnd = now.AddMonths(1), PlanId = planId });
        await db.SaveChangesAsync();
    }

    /// <summary>A member who draws on a seat only.</summary>
    public async Task<Caller> Student()
    {
        await using var db = Database.Open();
        var person = new Person { Id = Guid.NewGuid(), UserName = "student@example.com", Email = "student@example.com", DisplayName = "Student" };
        var seat = new Membership { Id = Guid.NewGuid(), AccountId = Owner.AccountId, PersonId = person.Id, Role = MemberRole.Member };
        db.AddRange(person, seat);
        await db.SaveChangesAsync();
        return await CallerOf(Database, seat);
    }

    /// <summary>Starts a prompt that must be accepted and waits for its end.</summary>
    public async Task<PromptResult> Run(PromptRequest request, Caller? caller = null)
    {
        var started = await Runner.Start(caller ?? Owner, request, CancellationToken.None);
        Assert.Null(started.Refusal);
        return await started.Value.Completion;
    }

    public Task<WalletView> Wallet() => new WalletReader(Database.Factory, Time).Read(Owner.AccountId);

    public async Task<UsageRecord?> Usage(Guid id)
    {
        await using var db = Database.Open();
        return await db.UsageRecords.AsNoTracking().FirstOrDefaultAsync(u => u.Id == id);
    }

    public async Task<HoldState?> HoldOf(Guid id)
    {
        await using var db = Database.Open();
        return await db.Holds.Where(h => h.Id == id).Select(h => (HoldState?)h.State).FirstOrDefaultAsync();
    }

    /// <summary>The books are proved, nothing is held and no model works for nobody.</summary>
    public async ValueTask DisposeAsync()
    {
        Assert.Equal(0, Text.Active);
        Assert.All((await Wallet()).Accounts, account => Assert.Equal(0, account.Held));
        await Books.AssertClean(Database.Factory, Time);
        pricings.ForEach(pricing => pricing.Dispose());
        await Database.DisposeAsync();
    }

    private static async Task<Caller> CallerOf(TestDatabase database, Membership seat)
    {
        await using var db = database.Open();
        var project = await db.Projects.FirstAsync(p => p.AccountId == seat.AccountId);
        return new Caller(
            seat.PersonId, "owner@example.com", "Owner", seat.AccountId, AccountKind.Personal, "Account", "Asia/Shanghai", seat.Id, seat.Role, project.Id, null, false, false);
    }

    private PromptPlanner NewPlanner(IOptions<PromptsOptions> options)
    {
        var pricing = new PromptPricing(Database.Factory, new CatalogReader(Database.Factory, Time), Time, options);
        pricings.Add(pricing);
        return new PromptPlanner(Models, new ModelRouter(Aliases, Models), pricing, new PictureMarks(Database.Factory, Time), Cache);
    }
}
