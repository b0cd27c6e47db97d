using System.Globalization;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Catalog.Editing.Forms;

/// <summary>A plan as it is typed.</summary>
public sealed class PlanForm
{
    public string Key { get; set; } = "";

    public string NameEn { get; set; } = "";

    public string NameZh { get; set; } = "";

    public string Price { get; set; } = "";

    public string PeriodMonths { get; set; } = "1";

    public Unit IncludedUnit { get; set; } = Unit.Tokens;

    public string IncludedUnits { get; set; } = "";

    public bool Unlimited { get; set; }

    public string Overage { get; set; } = "";

    public string MaxConcurrent { get; set; } = "";

    public string ExtraTokens { get; set; } = "";

    public string ExtraConcurrent { get; set; } = "";

    public DedicatedCapacity Dedicated { get; set; }

    public bool Education { get; set; }

    public string SupportLevel { get; set; } = "";

    public string SupportMinutes { get; set; } = "";

    /// <summary>Keys with commas between them.</summary>
    public string Features { get; set; } = "";

    public string TrialDays { get; set; } = "0";

    public string SortOrder { get; set; } = "0";

    public static PlanForm Of(CatalogFile.PlanEntry plan) => new()
    {
        Key = plan.Key, NameEn = plan.NameEn, NameZh = plan.NameZh, Price = CatalogJson.Plain(plan.Price), PeriodMonths = Text(plan.PeriodMonths),
        IncludedUnit = plan.IncludedUnit, IncludedUnits = Text(plan.IncludedUnits), Unlimited = plan.Unlimited, Overage = Text(plan.Overage), MaxConcurrent = Text(plan.MaxConcurrent),
        ExtraTokens = Text(plan.PerThousandExtraTokens), ExtraConcurrent = Text(plan.PerExtraConcurrent), Dedicated = plan.Dedicated, Education = plan.Education,
        SupportLevel = plan.SupportLevel ?? "", SupportMinutes = Text(plan.SupportResponseMinutes), Features = string.Join(", ", plan.Features), TrialDays = Text(plan.TrialDays),
        SortOrder = Text(plan.SortOrder),
    };

    /// <returns>What was typed, or the first number that is none. Whether it makes a plan is for <see cref="PlanRules"/> to say.</returns>
    public Outcome<CatalogFile.PlanEntry> Read() =>
        !CatalogInput.Number(Price).IsDone(out var wrong, out var price) ? wrong
        : !CatalogInput.WholeOrNone(PeriodMonths).IsDone(out wrong, out var months) ? wrong
        : !CatalogInput.Whole(IncludedUnits).IsDone(out wrong, out var units) ? wrong
        : !CatalogInput.NumberOrNone(Overage).IsDone(out wrong, out var overage) ? wrong
        : !CatalogInput.WholeOrNone(MaxConcurrent).IsDone(out wrong, out var concurrent) ? wrong
        : !CatalogInput.NumberOrNone(ExtraTokens).IsDone(out wrong, out var extraTokens) ? wrong
        : !CatalogInput.NumberOrNone(ExtraConcurrent).IsDone(out wrong, out var extraConcurrent) ? wrong
        : !CatalogInput.WholeOrNone(SupportMinutes).IsDone(out wrong, out var minutes) ? wrong
        : !CatalogInput.WholeOrNone(TrialDays).IsDone(out wrong, out var trial) ? wrong
        : !CatalogInput.WholeOrNone(SortOrder).IsDone(out wrong, out var order) ? wrong
        : new CatalogFile.PlanEntry(
            Key.Trim(), NameEn.Trim(), NameZh.Trim(), price, IncludedUnit, units, Unlimited, overage, concurrent, Dedicated, Education,
            SupportLevel.Trim() is { Length: > 0 } level ? level : null, minutes,
            Features.Split([',', '，', '\n', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), trial ?? 0, months ?? 0, extraTokens, extraConcurrent, order ?? 0);

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Text(decimal? number) => number is { } known ? CatalogJson.Plain(known) : "";
}
