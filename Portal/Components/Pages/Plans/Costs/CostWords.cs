using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Billing.Costs;
using Portal.Catalog;
using Portal.Components.Shared;
using Portal.Components.Shared.Amounts;
using Portal.Data;

namespace Portal.Components.Pages.Plans.Costs;

/// <summary>A comparison of costs as words.</summary>
public sealed class CostWords(IStringLocalizer<CostsText> text, IStringLocalizer<SharedText> shared)
{
    public string Name(PlanCost plan) => plan.Plan?.Name() ?? text["PayPerUse"];

    /// <summary>The advice in one sentence.</summary>
    public string Advice(CostComparison costs) => costs.Saving > Money.Zero
        ? text[costs.Cheapest.Plan is null ? "AdviceCheaperPayPerUse" : "AdviceCheaper", Name(costs.Cheapest), costs.Cheapest.Expected.Total.Write(), costs.Saving.Write(), Name(costs.Current)]
        : text["AdviceStay", Name(costs.Current), costs.Current.Expected.Total.Write()];

    public string Growth(CostComparison costs) => costs switch
    {
        { History.Months.Count: < 2 } => text["GrowthNone"],
        { Growth: > 1 } => text["GrowthMore", Percent(costs.Growth - 1)],
        { Growth: < 1 } => text["GrowthLess", Percent(1 - costs.Growth)],
        _ => text["GrowthSame"],
    };

    /// <summary>What was used, and how much of it the plan includes.</summary>
    public string Use(MonthCost.Use use) => use switch
    {
        { Covered: 0 } => shared.Count(use.Units, use.Unit),
        { Beyond: 0 } => text["UseIncluded", shared.Count(use.Units, use.Unit)],
        _ => text["UseSome", shared.Count(use.Units, use.Unit), use.Covered.ToString("N0", CultureInfo.CurrentCulture)],
    };

    private static string Percent(decimal share) => share.ToString("P0", CultureInfo.CurrentCulture);
}
