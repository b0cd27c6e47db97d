using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Catalog;

/// <summary>The shape of <c>catalog.json</c>: prices are decimal strings in yuan, with the tax in them.</summary>
/// <param name="CustomPlan">For the plans that name no price of their own for what is added.</param>
public sealed record CatalogFile(
    int Version, DateTimeOffset EffectiveFrom, IReadOnlyList<CatalogFile.PlanEntry> Plans, CatalogFile.CustomPlanEntry? CustomPlan,
    IReadOnlyList<Rate> Rates, IReadOnlyList<CatalogFile.FactorEntry> Factors, decimal TaxPercent = 0,
    IReadOnlyList<TopUpSlab>? TopUpBonus = null)
{
    /// <summary>What can be added to the plans that limit how many prompts run at the same time, a period.</summary>
    public sealed record CustomPlanEntry(decimal PerThousandExtraTokens, decimal PerExtraConcurrent);

    public sealed record FactorEntry(string Name, string Condition, decimal Multiplier);

    /// <param name="SortOrder">Null: its place in the file.</param>
    public sealed record PlanEntry(
        string Key, string NameEn, string NameZh, decimal Price, Unit IncludedUnit, long IncludedUnits, bool Unlimited, decimal? Overage,
        int? MaxConcurrent, DedicatedCapacity Dedicated, bool Education, string? SupportLevel, int? SupportResponseMinutes, IReadOnlyList<string> Features,
        int TrialDays = 0, int PeriodMonths = 1, decimal? PerThousandExtraTokens = null, decimal? PerExtraConcurrent = null, int? SortOrder = null)
    {
        public static PlanEntry Of(Plan plan) => new(
            plan.Key, plan.NameEn, plan.NameZh, new Money(plan.PriceNanos).Amount, plan.IncludedUnit, plan.IncludedUnits, plan.Unlimited, Yuan(plan.OverageNanos),
            plan.MaxConcurrent, plan.Dedicated, plan.Education, plan.SupportLevel, plan.SupportResponseMinutes, plan.Features,
            plan.TrialDays, plan.PeriodMonths, Yuan(plan.ExtraThousandTokensNanos), Yuan(plan.ExtraConcurrentNanos), plan.SortOrder);

        public Plan ToRow(int order, CustomPlanEntry? custom, DateTimeOffset now) => new()
        {
            Key = Key,
            Version = 1,
            NameEn = NameEn,
            NameZh = NameZh,
            PriceNanos = Money.FromAmount(Price).Nanos,
            PeriodMonths = PeriodMonths,
            IncludedUnit = IncludedUnit,
            IncludedUnits = IncludedUnits,
            Unlimited = Unlimited,
            OverageNanos = Nanos(Overage),
            MaxConcurrent = MaxConcurrent,
            ExtraThousandTokensNanos = Nanos(PerThousandExtraTokens ?? (MaxConcurrent is not null && IncludedUnit == Unit.Tokens ? custom?.PerThousandExtraTokens : null)),
            ExtraConcurrentNanos = Nanos(PerExtraConcurrent ?? (MaxConcurrent is not null ? custom?.PerExtraConcurrent : null)),
            Dedicated = Dedicated,
            Education = Education,
            SupportLevel = SupportLevel,
            SupportResponseMinutes = SupportResponseMinutes,
            Features = [.. Features ?? []],
            TrialDays = TrialDays,
            SortOrder = SortOrder ?? order,
            PublishedAt = now,
        };

        private static decimal? Yuan(long? nanos) => nanos is { } known ? new Money(known).Amount : null;

        private static long? Nanos(decimal? yuan) => yuan is { } known ? Money.FromAmount(known).Nanos : null;
    }
}
