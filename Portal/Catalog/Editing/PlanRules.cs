using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Catalog.Editing;

/// <summary>What a plan may say. Limits are far from what anybody sells: they stop slips of the keyboard and figures that could not be counted.</summary>
public static class PlanRules
{
    public const int KeyLengthMin = 2;
    public const int KeyLengthMax = 40;
    public const int NameLengthMax = 60;
    public const decimal PriceMin = 0.01m;
    public const decimal PriceMax = 1_000_000m;
    public const int MonthsMax = 36;
    public const long UnitsMax = 1_000_000_000_000;
    public const decimal UnitPriceMax = 1_000m;
    public const int ConcurrentMax = 100_000;
    public const int MinutesMax = 30 * 24 * 60;
    public const int FeaturesMax = 20;
    public const int OrderMax = 10_000;
    public const int TrialDaysMax = 90;

    private const int PriceDecimals = 2;

    /// <summary>Money is counted in nanos.</summary>
    private const int UnitPriceDecimals = 9;

    /// <param name="earlier">The version before it; null: it is new.</param>
    /// <returns>The first thing that is wrong; null: nothing.</returns>
    public static Flaw? WhyNot(CatalogFile.PlanEntry plan, Plan? earlier) => plan switch
    {
        _ when !IsKey(plan.Key) => new Flaw("key", new Refusal("plan-rule.key", Shown(plan.Key), $"{KeyLengthMin}", $"{KeyLengthMax}")),
        _ when !IsName(plan.NameEn) => Name(plan, "nameEn"),
        _ when !IsName(plan.NameZh) => Name(plan, "nameZh"),
        { Price: < PriceMin or > PriceMax } => Price(plan),
        _ when decimal.Round(plan.Price, PriceDecimals) != plan.Price => Price(plan),
        { PeriodMonths: < 1 or > MonthsMax } => new Flaw("periodMonths", new Refusal("plan-rule.months", plan.Key, $"{MonthsMax}")),
        { IncludedUnit: not (Unit.Tokens or Unit.Images) } => new Flaw("includedUnit", new Refusal("plan-rule.unit", plan.Key)),
        { IncludedUnits: < 1 or > UnitsMax } => new Flaw("includedUnits", new Refusal("plan-rule.units", plan.Key, $"{UnitsMax}")),
        { Unlimited: true, Overage: not null } => new Flaw("overage", new Refusal("plan-rule.overage-unlimited", plan.Key)),
        _ when !IsUnitPrice(plan.Overage) => new Flaw("overage", new Refusal("plan-rule.overage", plan.Key, CatalogJson.Plain(UnitPriceMax))),
        { MaxConcurrent: < 1 or > ConcurrentMax } => new Flaw("maxConcurrent", new Refusal("plan-rule.concurrent", plan.Key, $"{ConcurrentMax}")),
        _ => Extras(plan) ?? Rest(plan) ?? Changed(plan, earlier),
    };

    /// <summary>Whether a name can be shown, and put into a spreadsheet, as it is.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= NameLengthMax } && name == name.Trim() && !name.Any(char.IsControl) && name[0] is not ('=' or '+' or '-' or '@');

    private static Flaw? Extras(CatalogFile.PlanEntry plan) => plan switch
    {
        { PerThousandExtraTokens: not null } when plan.IncludedUnit != Unit.Tokens || !IsUnitPrice(plan.PerThousandExtraTokens) =>
            new Flaw("perThousandExtraTokens", new Refusal("plan-rule.extra-tokens", plan.Key, CatalogJson.Plain(UnitPriceMax))),
        { PerExtraConcurrent: not null } when plan.MaxConcurrent is null || !IsUnitPrice(plan.PerExtraConcurrent) =>
            new Flaw("perExtraConcurrent", new Refusal("plan-rule.extra-concurrent", plan.Key, CatalogJson.Plain(UnitPriceMax))),
        _ => null,
    };

    private static Flaw? Rest(CatalogFile.PlanEntry plan) => plan switch
    {
        { Dedicated: not (DedicatedCapacity.None or DedicatedCapacity.Optional or DedicatedCapacity.Included) } => new Flaw("dedicated", new Refusal("plan-rule.dedicated", plan.Key)),
        { SupportLevel: { } level } when !IsName(level) || level.Length > KeyLengthMax => new Flaw("supportLevel", new Refusal("plan-rule.support", plan.Key, $"{MinutesMax}")),
        { SupportResponseMinutes: < 1 or > MinutesMax } or { SupportResponseMinutes: not null, SupportLevel: null } =>
            new Flaw("supportResponseMinutes", new Refusal("plan-rule.support", plan.Key, $"{MinutesMax}")),
        { Features: null } => new Flaw("features", new Refusal("plan-rule.features", plan.Key, $"{FeaturesMax}")),
        _ when plan.Features.Count > FeaturesMax || plan.Features.Distinct().Count() < plan.Features.Count || !plan.Features.All(IsKey) =>
            new Flaw("features", new Refusal("plan-rule.features", plan.Key, $"{FeaturesMax}")),
        { TrialDays: < 0 or > TrialDaysMax } => new Flaw("trialDays", new Refusal("plan-rule.trial", plan.Key, $"{TrialDaysMax}")),
        { SortOrder: < 0 or > OrderMax } => new Flaw("sortOrder", new Refusal("plan-rule.order", plan.Key, $"{OrderMax}")),
        _ => null,
    };

    /// <summary>Whoever is moved to a newer version keeps what they count in and how often they pay.</summary>
    private static Flaw? Changed(CatalogFile.PlanEntry plan, Plan? earlier) =>
        earlier is null || (earlier.IncludedUnit == plan.IncludedUnit && earlier.PeriodMonths == plan.PeriodMonths) ? null
        : new Flaw(earlier.IncludedUnit == plan.IncludedUnit ? "periodMonths" : "includedUnit", new Refusal("plan-rule.fixed", plan.Key));

    private static Flaw Name(CatalogFile.PlanEntry plan, string path) => new(path, new Refusal("plan-rule.name", plan.Key, $"{NameLengthMax}"));

    private static Flaw Price(CatalogFile.PlanEntry plan) =>
        new("price", new Refusal("plan-rule.price", plan.Key, CatalogJson.Plain(PriceMin), CatalogJson.Plain(PriceMax)));

    /// <summary>None is fine too.</summary>
    private static bool IsUnitPrice(decimal? price) => price is null or (> 0 and <= UnitPriceMax) && (price is not { } set || decimal.Round(set, UnitPriceDecimals) == set);

    private static bool IsKey(string? key) =>
        key is { Length: >= KeyLengthMin and <= KeyLengthMax } && char.IsAsciiLetterLower(key[0]) && key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static string Shown(string? key) => key is null ? "" : key[..Math.Min(key.Length, KeyLengthMax)];
}
