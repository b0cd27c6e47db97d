using Portal.Data.Catalog;

namespace Portal.Catalog.Editing;

/// <summary>What a rate card says, as it is written: rates, factors in the order in which they multiply, the tax, and what top-ups are given on top.</summary>
public sealed record PricesEntry(decimal TaxPercent, IReadOnlyList<Rate> Rates, IReadOnlyList<CatalogFile.FactorEntry> Factors, IReadOnlyList<TopUpSlab> TopUpBonus)
{
    /// <param name="card">With its rates and factors.</param>
    public static PricesEntry Of(RateCard card) => new(
        card.TaxPercent, [.. card.Rates.OrderBy(r => r.Model, StringComparer.Ordinal).ThenBy(r => r.Meter, StringComparer.Ordinal).Select(Copy)],
        [.. card.Factors.OrderBy(f => f.Order).Select(f => new CatalogFile.FactorEntry(f.Name, f.Condition, f.Multiplier))],
        [.. card.TopUpBonus.OrderBy(s => s.From).Select(Copy)]);

    public RateCard ToRow(int version, DateTimeOffset from) => new()
    {
        Version = version,
        EffectiveFrom = from,
        TaxPercent = TaxPercent,
        Rates = [.. Rates.Select(Copy)],
        Factors = [.. Factors.Select((f, i) => new Factor { Name = f.Name, Condition = f.Condition, Multiplier = f.Multiplier, Order = i })],
        TopUpBonus = [.. TopUpBonus.Select(Copy)],
    };

    private static Rate Copy(Rate rate) => new()
    {
        Model = rate.Model, Meter = rate.Meter, PerUnit = rate.PerUnit, BasePixels = rate.BasePixels, BaseSteps = rate.BaseSteps,
        Tiers = [.. rate.Tiers.OrderBy(t => t.From).Select(t => new RateTier { From = t.From, Factor = t.Factor })],
    };

    private static TopUpSlab Copy(TopUpSlab slab) => new() { From = slab.From, Percent = slab.Percent };
}
