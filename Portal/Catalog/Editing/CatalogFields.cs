using System.Globalization;
using Portal.Data.Catalog;

namespace Portal.Catalog.Editing;

/// <summary>Plans and prices as lists of fields: what is shown of them, and by what two versions are compared.</summary>
public static class CatalogFields
{
    public static IReadOnlyList<CatalogField> Of(CatalogFile.PlanEntry plan) =>
    [
        new("", "nameEn", plan.NameEn),
        new("", "nameZh", plan.NameZh),
        new("", "price", CatalogJson.Plain(plan.Price)),
        new("", "periodMonths", Text(plan.PeriodMonths)),
        new("", "includedUnit", Name(plan.IncludedUnit)),
        new("", "includedUnits", Text(plan.IncludedUnits)),
        new("", "unlimited", Name(plan.Unlimited)),
        new("", "overage", Text(plan.Overage)),
        new("", "maxConcurrent", Text(plan.MaxConcurrent)),
        new("", "perThousandExtraTokens", Text(plan.PerThousandExtraTokens)),
        new("", "perExtraConcurrent", Text(plan.PerExtraConcurrent)),
        new("", "dedicated", Name(plan.Dedicated)),
        new("", "education", Name(plan.Education)),
        new("", "supportLevel", plan.SupportLevel ?? ""),
        new("", "supportResponseMinutes", Text(plan.SupportResponseMinutes)),
        new("", "features", string.Join(", ", plan.Features)),
        new("", "trialDays", Text(plan.TrialDays)),
        new("", "sortOrder", Text(plan.SortOrder)),
    ];

    public static IReadOnlyList<CatalogField> Of(Plan plan) => Of(CatalogFile.PlanEntry.Of(plan));

    public static IReadOnlyList<CatalogField> Of(PricesEntry prices) =>
    [
        new("", "taxPercent", CatalogJson.Plain(prices.TaxPercent)),
        new("", "topUpBonus", Bonus(prices.TopUpBonus)),
        .. prices.Rates.SelectMany(Of),
        .. prices.Factors.SelectMany((f, i) => Of(f, i + 1)),
    ];

    /// <summary>Tiers as one line, e.g. <c>0: 1, 100000: 0.9</c>.</summary>
    public static string Tiers(Rate rate) => string.Join(", ", rate.Tiers.OrderBy(t => t.From).Select(t => $"{Text(t.From)}: {CatalogJson.Plain(t.Factor)}"));

    /// <summary>As one line, e.g. <c>500: 5, 2000: 10</c>.</summary>
    public static string Bonus(IEnumerable<TopUpSlab> slabs) => string.Join(", ", slabs.OrderBy(s => s.From).Select(s => $"{CatalogJson.Plain(s.From)}: {CatalogJson.Plain(s.Percent)}"));

    /// <summary>What differs, in the order of the newer version; what it no longer has comes last.</summary>
    public static List<FieldChange> Compare(IReadOnlyList<CatalogField> before, IReadOnlyList<CatalogField> after)
    {
        var old = before.ToDictionary(f => (f.Group, f.Name), f => f.Value);
        var kept = after.Select(f => (f.Group, f.Name)).ToHashSet();
        return
        [
            .. after.Select(f => new FieldChange(f.Group, f.Name, old.GetValueOrDefault((f.Group, f.Name)), f.Value)).Where(c => c.Before != c.After),
            .. before.Where(f => !kept.Contains((f.Group, f.Name))).Select(f => new FieldChange(f.Group, f.Name, f.Value, null)),
        ];
    }

    private static IEnumerable<CatalogField> Of(Rate rate)
    {
        var group = $"{rate.Model} {rate.Meter}";
        yield return new(group, "perUnit", CatalogJson.Plain(rate.PerUnit));
        if (rate.Meter == Meters.Images)
        {
            yield return new(group, "basePixels", Text(rate.BasePixels));
            yield return new(group, "baseSteps", Text(rate.BaseSteps));
        }
        else
        {
            yield return new(group, "tiers", Tiers(rate));
        }
    }

    private static IEnumerable<CatalogField> Of(CatalogFile.FactorEntry factor, int order)
    {
        yield return new(factor.Name, "multiplier", CatalogJson.Plain(factor.Multiplier));
        yield return new(factor.Name, "condition", factor.Condition);
        yield return new(factor.Name, "order", Text(order));
    }

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Text(decimal? number) => number is { } known ? CatalogJson.Plain(known) : "";

    private static string Name<T>(T value)
        where T : struct => $"{value}".ToLowerInvariant();
}
