using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Billing.PriceChanges;
using Portal.Catalog;
using Portal.Catalog.Editing;
using Portal.Catalog.Editing.Views;
using Portal.Data;

namespace Portal.Tests.Billing.PriceChanges;

/// <summary>The catalogue's editor in a <see cref="BillingScene"/>, and an administrator at it.</summary>
internal sealed class CatalogueScene : IAsyncDisposable
{
    private readonly ServiceProvider words = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();

    private CatalogueScene(BillingScene billing)
    {
        Billing = billing;
        var databases = billing.Databases;
        Catalogue = new CatalogDesk(databases, billing.Time);
        Drafts = new DraftDesk(databases, billing.Time);
        Publisher = new CatalogPublisher(databases, billing.Time);
        Importer = new CatalogImport(databases, billing.Time);
        var letters = new PlanMoveLetters(new Letters(words.GetRequiredService<IStringLocalizer<LetterText>>()), words.GetRequiredService<IStringLocalizer<PlanMoveText>>());
        Moves = new PlanMoves(databases, billing.Ledger, letters, billing.Time);
        Mover = new PlanMoveRun(databases, billing.Ledger, letters, billing.Time, NullLogger<PlanMoveRun>.Instance);
    }

    public BillingScene Billing { get; }

    public CatalogDesk Catalogue { get; }

    public DraftDesk Drafts { get; }

    public CatalogPublisher Publisher { get; }

    public CatalogImport Importer { get; }

    public PlanMoves Moves { get; }

    public PlanMoveRun Mover { get; }

    public Caller Administrator { get; private set; } = null!;

    public static async Task<CatalogueScene> CreateAsync(DatabaseProvider provider = DatabaseProvider.Sqlite)
    {
        var scene = new CatalogueScene(await BillingScene.CreateAsync(provider));
        scene.Administrator = await scene.Billing.OpenAccountAsync() with { IsAdministrator = true };
        return scene;
    }

    /// <summary>The open draft of a plan, begun when there is none.</summary>
    public async Task<DraftView> DraftAsync(string key) => (await Drafts.Read(Administrator, (await Drafts.Begin(Administrator, key)).Value)).Value;

    /// <summary>The open draft of the prices, begun when there is none.</summary>
    public async Task<DraftView> PricesAsync() => (await Drafts.Read(Administrator, (await Drafts.BeginPrices(Administrator)).Value)).Value;

    /// <summary>Writes a plan and sells it.</summary>
    /// <returns>The version.</returns>
    public async Task<int> SellAsync(string key, Func<CatalogFile.PlanEntry, CatalogFile.PlanEntry> change)
    {
        var draft = await DraftAsync(key);
        Assert.Null((await Drafts.Save(Administrator, draft.Id, draft.Revision, change(draft.Plan!))).Refusal);
        return (await Publisher.PublishPlan(Administrator, draft.Id, draft.Revision + 1)).Value;
    }

    /// <summary>Writes prices and publishes them.</summary>
    public async Task<Outcome<int>> PriceAsync(Func<PricesEntry, PricesEntry> change, DateTimeOffset? from = null)
    {
        var draft = await PricesAsync();
        Assert.Null((await Drafts.Save(Administrator, draft.Id, draft.Revision, change(draft.Prices!))).Refusal);
        return await Publisher.PublishPrices(Administrator, draft.Id, draft.Revision + 1, from);
    }

    /// <summary>What every published row says, by its id.</summary>
    public async Task<IReadOnlyList<string>> PublishedAsync()
    {
        await using var db = Billing.Open();
        var plans = await db.Plans.AsNoTracking().OrderBy(p => p.Id).ToListAsync();
        var cards = await db.RateCards.AsNoTracking().Include(c => c.Rates).Include(c => c.Factors).AsSplitQuery().OrderBy(c => c.Id).ToListAsync();
        return
        [
            .. plans.Select(p => CatalogJson.Write(new { p.Id, p.Version, p.PublishedAt, Says = CatalogFields.Of(p) })),
            .. cards.Select(c => CatalogJson.Write(new { c.Id, c.Version, c.EffectiveFrom, Says = CatalogFields.Of(PricesEntry.Of(c)) })),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await Billing.AssertBooksAsync();
        await words.DisposeAsync();
        await Billing.DisposeAsync();
    }
}
