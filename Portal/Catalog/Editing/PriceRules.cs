using Portal.Data.Catalog;

namespace Portal.Catalog.Editing;

/// <summary>What a rate card may say.</summary>
public static class PriceRules
{
    public const decimal PerUnitMax = 1_000m;
    public const long PixelsMax = 1_000_000_000;
    public const int StepsMax = 1_000;
    public const int TiersMax = 20;
    public const decimal MultiplierMax = 10m;
    public const int FactorsMax = 50;
    public const int RatesMax = 200;
    public const int SlabsMax = 10;
    public const decimal SlabFromMax = 1_000_000m;
    public const decimal SlabPercentMax = 100m;

    /// <summary>The model of a rate that counts for every model without one of its own.</summary>
    public const string EveryModel = "*";

    private const int ModelLengthMax = 64;
    private const int PerUnitDecimals = 12;
    private const int MultiplierDecimals = 6;
    private const int TaxDecimals = 2;
    private const decimal TaxEnd = 100m;

    private static readonly string[] EveryMeter = [Meters.InputTokens, Meters.OutputTokens, Meters.Images];

    /// <returns>The first thing that is wrong; null: nothing.</returns>
    public static Flaw? WhyNot(PricesEntry prices) =>
        Tax(prices.TaxPercent)
        ?? (prices.Rates is null or { Count: > RatesMax } ? new Flaw("rates", new Refusal("rate-rule.many", $"{RatesMax}")) : null)
        ?? (prices.Factors is null or { Count: > FactorsMax } ? new Flaw("factors", new Refusal("factor-rule.many", $"{FactorsMax}")) : null)
        ?? prices.Rates!.Select((r, i) => At($"rates[{i}]", WhyNot(r))).FirstOrDefault(flaw => flaw is not null)
        ?? prices.Factors!.Select((f, i) => At($"factors[{i}]", WhyNot(f))).FirstOrDefault(flaw => flaw is not null)
        ?? Bonus(prices.TopUpBonus)
        ?? Together(prices);

    public static Flaw? WhyNot(Rate? rate) => rate switch
    {
        null => new Flaw("", new Refusal("rate-rule.model", "")),
        _ when rate.Model != EveryModel && !IsModel(rate.Model) => new Flaw("model", new Refusal("rate-rule.model", Shown(rate.Model))),
        _ when !EveryMeter.Contains(rate.Meter) => new Flaw("meter", new Refusal("rate-rule.meter", Shown(rate.Meter))),
        { PerUnit: <= 0 or > PerUnitMax } => Price(rate),
        _ when decimal.Round(rate.PerUnit, PerUnitDecimals) != rate.PerUnit => Price(rate),
        { Meter: Meters.Images, BasePixels: < 1 or > PixelsMax } => Size(rate, "basePixels"),
        { Meter: Meters.Images, BaseSteps: < 1 or > StepsMax } => Size(rate, "baseSteps"),
        { Meter: not Meters.Images, BasePixels: not 0 } => Size(rate, "basePixels"),
        { Meter: not Meters.Images, BaseSteps: not 0 } => Size(rate, "baseSteps"),
        _ => Tiers(rate),
    };

    public static Flaw? WhyNot(CatalogFile.FactorEntry? factor) => factor switch
    {
        null => new Flaw("", new Refusal("factor-rule.name", "", $"{PlanRules.NameLengthMax}")),
        _ when !PlanRules.IsName(factor.Name) || CouponFactors.CodeOf(factor.Name) is not null || AliasFactor.AliasOf(factor.Name) is not null =>
            new Flaw("name", new Refusal("factor-rule.name", Shown(factor.Name), $"{PlanRules.NameLengthMax}")),
        _ when factor.Condition is null or { Length: > ModelLengthMax } || !FactorConditions.IsKnown(factor.Condition) => new Flaw("condition", new Refusal("factor-rule.condition", factor.Name, Shown(factor.Condition))),
        { Multiplier: <= 0 or > MultiplierMax } => Multiplier(factor),
        _ when decimal.Round(factor.Multiplier, MultiplierDecimals) != factor.Multiplier => Multiplier(factor),
        _ => null,
    };

    private static Flaw? Tax(decimal percent) =>
        percent is >= 0 and < TaxEnd && decimal.Round(percent, TaxDecimals) == percent ? null : new Flaw("taxPercent", new Refusal("tax-rule"));

    private static Flaw? Bonus(IReadOnlyList<TopUpSlab>? slabs)
    {
        if (slabs is null or { Count: > SlabsMax })
        {
            return new Flaw("topUpBonus", new Refusal("bonus-rule", $"{SlabsMax}"));
        }

        var wrong = slabs.Select((s, i) => (Slab: s, At: i)).FirstOrDefault(s =>
            s.Slab is not { From: > 0 and <= SlabFromMax, Percent: > 0 and <= SlabPercentMax } || (s.At > 0 && s.Slab.From <= slabs[s.At - 1].From)
            || decimal.Round(s.Slab.From, TaxDecimals) != s.Slab.From || decimal.Round(s.Slab.Percent, TaxDecimals) != s.Slab.Percent, (null!, -1));
        return wrong.At < 0 ? null : new Flaw($"topUpBonus[{wrong.At}]", new Refusal("bonus-rule", $"{SlabsMax}"));
    }

    /// <summary>Each tier begins above the one before, the first at nothing used: so they neither overlap nor leave a gap.</summary>
    private static Flaw? Tiers(Rate rate)
    {
        if (rate.Tiers is not { } tiers || tiers.Count > TiersMax || tiers.Contains(null!) || (tiers.Count > 0 && rate.Meter == Meters.Images))
        {
            return new Flaw("tiers", new Refusal(rate.Meter == Meters.Images ? "rate-rule.tiers-images" : "rate-rule.tiers", Named(rate), $"{TiersMax}"));
        }

        for (var i = 0; i < tiers.Count; i++)
        {
            if (i == 0 ? tiers[i].From != 0 : tiers[i].From <= tiers[i - 1].From)
            {
                return new Flaw($"tiers[{i}].from", new Refusal("rate-rule.tiers-order", Named(rate), $"{tiers[i].From}"));
            }

            if (tiers[i].Factor is <= 0 or > MultiplierMax || decimal.Round(tiers[i].Factor, MultiplierDecimals) != tiers[i].Factor)
            {
                return new Flaw($"tiers[{i}].factor", new Refusal("rate-rule.tiers-factor", Named(rate), CatalogJson.Plain(MultiplierMax)));
            }
        }

        return null;
    }

    private static Flaw? Together(PricesEntry prices)
    {
        var rates = prices.Rates.Select((r, i) => (Name: Named(r), At: i)).ToLookup(r => r.Name, r => r.At);
        if (rates.FirstOrDefault(r => r.Count() > 1) is { } rate)
        {
            return new Flaw($"rates[{rate.Last()}]", new Refusal("rate-rule.twice", rate.Key));
        }

        if (EveryMeter.FirstOrDefault(meter => !rates.Contains($"{EveryModel} {meter}")) is { } missing)
        {
            return new Flaw("rates", new Refusal("rate-rule.missing", missing));
        }

        // The engines tell names apart by case or not; people do not.
        return prices.Factors.Select((f, i) => (f.Name, At: i)).GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(f => f.Count() > 1) is { } factor
            ? new Flaw($"factors[{factor.Last().At}]", new Refusal("factor-rule.twice", factor.Key))
            : null;
    }

    private static Flaw Price(Rate rate) => new("perUnit", new Refusal("rate-rule.price", Named(rate), CatalogJson.Plain(PerUnitMax)));

    private static Flaw Size(Rate rate, string path) => new(path, new Refusal("rate-rule.size", Named(rate), $"{PixelsMax}", $"{StepsMax}"));

    private static Flaw Multiplier(CatalogFile.FactorEntry factor) => new("multiplier", new Refusal("factor-rule.multiplier", factor.Name, CatalogJson.Plain(MultiplierMax)));

    private static Flaw? At(string path, Flaw? flaw) => flaw is null ? null : flaw with { Path = flaw.Path.Length == 0 ? path : $"{path}.{flaw.Path}" };

    private static bool IsModel(string? model) =>
        model is { Length: > 0 and <= ModelLengthMax } && char.IsAsciiLetterOrDigit(model[0]) && model.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/');

    private static string Named(Rate rate) => $"{rate.Model} {rate.Meter}";

    private static string Shown(string? text) => text is null ? "" : text[..Math.Min(text.Length, ModelLengthMax)];
}
