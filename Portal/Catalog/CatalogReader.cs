using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Catalog;

/// <summary>What can be bought and what it costs, as of now.</summary>
public sealed class CatalogReader(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    private readonly ConcurrentDictionary<int, Plan> plans = [];
    private volatile RateCard? last;

    /// <summary>The plans on sale, in the catalogue's order.</summary>
    public async Task<IReadOnlyList<Plan>> Plans(CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return await db.Plans.AsNoTracking().Where(p => p.RetiredAt == null).OrderBy(p => p.SortOrder).ToListAsync(cancel);
    }

    /// <summary>A plan's version as it was published, which does not change; whether it is still on sale does, and is not told.</summary>
    public async Task<Plan> Plan(int id, CancellationToken cancel = default)
    {
        if (plans.TryGetValue(id, out var known))
        {
            return known;
        }

        await using var db = databases.CreateDbContext();
        return plans[id] = await db.Plans.AsNoTracking().FirstAsync(p => p.Id == id, cancel);
    }

    /// <summary>The rate card in force, with its factors in order.</summary>
    public async Task<RateCard> RateCard(CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return await RateCard(await CardsAt(db, clock.GetUtcNow()).Select(c => c.Id).FirstAsync(cancel), cancel);
    }

    /// <summary>The rate card of an id. A card that was published does not change.</summary>
    public async Task<RateCard> RateCard(int id, CancellationToken cancel = default)
    {
        if (last is { } known && known.Id == id)
        {
            return known;
        }

        await using var db = databases.CreateDbContext();
        var card = await db.RateCards.AsNoTracking().Include(c => c.Rates).Include(c => c.Factors).AsSplitQuery().FirstAsync(c => c.Id == id, cancel);
        card.Factors.Sort((a, b) => a.Order.CompareTo(b.Order));
        last = card;
        return card;
    }

    /// <summary>The cards that are in force at an instant, the one that counts first.</summary>
    public static IQueryable<RateCard> CardsAt(PortalDb db, DateTimeOffset at) =>
        db.RateCards.Where(c => c.EffectiveFrom <= at && c.WithdrawnAt == null).OrderByDescending(c => c.EffectiveFrom).ThenByDescending(c => c.Version);

    /// <summary>The terms of a charge now. Overage of a plan is the plan's own price: of all factors only the account's coupons change it.</summary>
    /// <returns>A refusal when the model has no rate: a missing price is never a free prompt.</returns>
    public async Task<Outcome<PriceTerms>> TermsFor(string model, Unit unit, PriceContext context, Plan? plan, CancellationToken cancel = default) =>
        TermsFor(await RateCard(cancel), model, unit, context, plan);

    public static Outcome<PriceTerms> TermsFor(RateCard card, string model, Unit unit, PriceContext context, Plan? plan)
    {
        string[] meters = unit == Unit.Images ? [Meters.Images] : [Meters.InputTokens, Meters.OutputTokens];
        var rates = new List<MeterRate>();
        foreach (var meter in meters)
        {
            var rate = card.Rates.Find(r => r.Meter == meter && r.Model == model) ?? card.Rates.Find(r => r.Meter == meter && r.Model == "*");
            if (rate is null)
            {
                return new Refusal("price.missing", model);
            }

            rates.Add(new MeterRate(meter, rate.PerUnit, rate.BasePixels, rate.BaseSteps, [.. rate.Tiers.OrderBy(t => t.From).Select(t => new Tier(t.From, t.Factor))]));
        }

        var coupons = context.Coupons ?? [];
        if (plan is { OverageNanos: { } overage } && plan.IncludedUnit == unit)
        {
            var perUnit = new Money(overage).Amount;
            return new PriceTerms(card.Version, model, plan.Key, [.. rates.Select(r => r with { PerUnit = perUnit, Tiers = [] })], coupons);
        }

        var factors = card.Factors.Where(f => FactorConditions.Applies(f.Condition, context)).Select(f => new NamedFactor(f.Name, f.Multiplier));
        return new PriceTerms(card.Version, model, null, rates, [.. factors, .. coupons]);
    }
}
