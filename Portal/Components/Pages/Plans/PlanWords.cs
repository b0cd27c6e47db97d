using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Catalog;
using Portal.Components.Shared;
using Portal.Components.Shared.Amounts;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Components.Pages.Plans;

/// <summary>A plan's terms as words.</summary>
public sealed class PlanWords(IStringLocalizer<PlanWordsText> text, IStringLocalizer<SharedText> shared)
{
    private const int MinutesOfHour = 60;

    public string Included(Plan plan) => Included(plan, plan.IncludedUnits);

    /// <param name="units">The plan's own and those added to it.</param>
    public string Included(Plan plan, long units) => plan.Unlimited ? text[$"Unlimited{plan.IncludedUnit}"] : shared.Count(units, plan.IncludedUnit);

    /// <summary>What 'unlimited' means in figures.</summary>
    public string FairUse(Plan plan) => text["FairUse", shared.Count(plan.IncludedUnits, plan.IncludedUnit)];

    public string Beyond(Plan plan) => plan.OverageNanos is { } overage ? text[$"Overage{plan.IncludedUnit}", new Money(overage).Write()] : text["OveragePayPerUse"];

    public string AtOnce(Plan plan) => plan.MaxConcurrent is { } most ? AtOnce(most) : text["NoLimit"];

    public string AtOnce(int most) => text["Prompts", most.ToString("N0", CultureInfo.CurrentCulture)];

    /// <summary>What is added to a plan; null: nothing.</summary>
    public string? Extras(PlanExtras extras) => extras switch
    {
        { Tokens: > 0, Concurrent: > 0 } => text["ExtrasBoth", shared.Count(extras.Tokens, Unit.Tokens), AtOnce(extras.Concurrent)].Value,
        { Tokens: > 0 } => text["ExtrasTokens", shared.Count(extras.Tokens, Unit.Tokens)].Value,
        { Concurrent: > 0 } => text["ExtrasConcurrent", AtOnce(extras.Concurrent)].Value,
        _ => null,
    };

    public string Support(Plan plan) => plan.SupportLevel is null
        ? text["SupportStandard"]
        : plan.SupportResponseMinutes is { } minutes ? text["SupportWithin", Level(plan.SupportLevel), Within(minutes)] : Level(plan.SupportLevel);

    public string Feature(string key) => Known($"Feature.{key}", key);

    private string Level(string level) => Known($"Support.{level}", level);

    private string Within(int minutes) =>
        minutes % MinutesOfHour != 0 ? text["Minutes", minutes] : minutes == MinutesOfHour ? text["OneHour"] : text["Hours", minutes / MinutesOfHour];

    // An operator's own catalogue may name what there are no words for.
    private string Known(string key, string otherwise) => text[key] is { ResourceNotFound: false } word ? word : otherwise;
}
