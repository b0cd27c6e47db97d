using Microsoft.EntityFrameworkCore;
using Portal.Catalog.Editing.Views;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Catalog.Editing;

/// <summary>What administrators see of the catalogue: plans and prices with their versions, and what differs between them.</summary>
public sealed class CatalogDesk(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    private const int CardsMost = 50;

    public async Task<Outcome<CatalogView>> Read(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var plans = await db.Plans.AsNoTracking().ToListAsync(cancel);
        var counts = await Subscribers(db, null, cancel);
        return new CatalogView(
            [.. plans.GroupBy(p => p.Key).Select(versions => Summary([.. versions.OrderBy(p => p.Version)], counts))
                .OrderBy(p => p.Newest.RetiredAt is not null).ThenBy(p => p.Newest.SortOrder).ThenBy(p => p.Newest.Key, StringComparer.Ordinal)],
            await Cards(db, cancel), await Drafts(db, plans, cancel));
    }

    public async Task<Outcome<PlanHistory>> Plan(Caller caller, string key, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var versions = await db.Plans.AsNoTracking().Where(p => p.Key == key).OrderByDescending(p => p.Version).ToListAsync(cancel);
        if (versions.Count == 0)
        {
            return Refusal.NotFound;
        }

        var counts = await Subscribers(db, key, cancel);
        var draft = await db.CatalogDrafts.AsNoTracking().Where(d => d.Key == key).Select(d => (int?)d.Id).FirstOrDefaultAsync(cancel);
        return new PlanHistory(versions.ConvertAll(p => new PlanVersion(p, counts.GetValueOrDefault(p.Id))), draft);
    }

    /// <summary>What differs between two versions of a plan.</summary>
    public async Task<Outcome<IReadOnlyList<FieldChange>>> Compare(Caller caller, string key, int before, int after, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var plans = await db.Plans.AsNoTracking().Where(p => p.Key == key && (p.Version == before || p.Version == after)).ToDictionaryAsync(p => p.Version, cancel);
        return plans.TryGetValue(before, out var one) && plans.TryGetValue(after, out var other)
            ? CatalogFields.Compare(CatalogFields.Of(one), CatalogFields.Of(other))
            : Refusal.NotFound;
    }

    /// <summary>What differs between two rate cards.</summary>
    public async Task<Outcome<IReadOnlyList<FieldChange>>> Compare(Caller caller, int before, int after, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var cards = await CatalogVersions.Whole(db).Where(c => c.Version == before || c.Version == after).ToDictionaryAsync(c => c.Version, cancel);
        return cards.TryGetValue(before, out var one) && cards.TryGetValue(after, out var other)
            ? CatalogFields.Compare(CatalogFields.Of(PricesEntry.Of(one)), CatalogFields.Of(PricesEntry.Of(other)))
            : Refusal.NotFound;
    }

    /// <summary>All that a rate card says.</summary>
    public async Task<Outcome<PricesEntry>> Prices(Caller caller, int version, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        return await CatalogVersions.Whole(db).FirstOrDefaultAsync(c => c.Version == version, cancel) is { } card ? PricesEntry.Of(card) : Refusal.NotFound;
    }

    /// <summary>What is on sale and in force, in the format of the catalogue's file.</summary>
    public async Task<Outcome<string>> Export(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var plans = await db.Plans.AsNoTracking().Where(p => p.RetiredAt == null).OrderBy(p => p.SortOrder).ThenBy(p => p.Key).ToListAsync(cancel);
        if (await CatalogVersions.CardInForce(db, clock.GetUtcNow(), cancel) is not { } card)
        {
            return Refusal.NotFound;
        }

        var prices = PricesEntry.Of(card);
        return CatalogJson.Write(new CatalogFile(
            card.Version, card.EffectiveFrom, plans.ConvertAll(CatalogFile.PlanEntry.Of), null, prices.Rates, prices.Factors, prices.TaxPercent, prices.TopUpBonus));
    }

    private static PlanSummary Summary(List<Plan> versions, Dictionary<int, int> counts)
    {
        var each = versions.ConvertAll(p => counts.GetValueOrDefault(p.Id));
        return new PlanSummary(versions[^1], each.Sum(), each.Sum() - each[^1]);
    }

    /// <summary>By the plan's id.</summary>
    private static Task<Dictionary<int, int>> Subscribers(PortalDb db, string? key, CancellationToken cancel) =>
        db.Subscriptions.Where(s => s.Status != SubscriptionStatus.Canceled && (key == null || s.Plan.Key == key))
            .GroupBy(s => s.PlanId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);

    private async Task<IReadOnlyList<CardSummary>> Cards(PortalDb db, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var inForce = await CatalogReader.CardsAt(db, now).Select(c => c.Version).FirstOrDefaultAsync(cancel);
        var cards = await db.RateCards.AsNoTracking().OrderByDescending(c => c.EffectiveFrom).ThenByDescending(c => c.Version).Take(CardsMost)
            .Select(c => new { c.Version, c.EffectiveFrom, c.WithdrawnAt, c.FileVersion }).ToListAsync(cancel);
        return cards.ConvertAll(c => new CardSummary(
            c.Version, c.EffectiveFrom,
            c.WithdrawnAt is not null ? CardState.Withdrawn : c.Version == inForce ? CardState.InForce : c.EffectiveFrom > now ? CardState.Waiting : CardState.Past,
            c.FileVersion is not null));
    }

    private static async Task<IReadOnlyList<DraftSummary>> Drafts(PortalDb db, List<Plan> plans, CancellationToken cancel)
    {
        var drafts = await db.CatalogDrafts.AsNoTracking().OrderByDescending(d => d.EditedAt)
            .Select(d => new { Draft = d, By = db.Users.Where(p => p.Id == d.EditedBy).Select(p => p.Email).FirstOrDefault() }).ToListAsync(cancel);
        var card = (await CatalogVersions.Card(db, cancel))?.Version ?? 0;
        return drafts.ConvertAll(d =>
        {
            var plan = d.Draft.Kind == DraftKind.Plan ? CatalogJson.Read<CatalogFile.PlanEntry>(d.Draft.Content) : null;
            var newest = plan is null ? card : plans.Where(p => p.Key == plan.Key).Select(p => p.Version).DefaultIfEmpty().Max();
            return new DraftSummary(
                d.Draft.Id, d.Draft.Kind, d.Draft.Key, plan?.NameEn ?? "", plan?.NameZh ?? "", d.By ?? "", d.Draft.EditedAt, d.Draft.BaseVersion != newest);
        });
    }
}
