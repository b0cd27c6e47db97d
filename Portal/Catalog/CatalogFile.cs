using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Catalog;

/// <summary>The shape of <c>catalog.json</c>: prices are decimal strings in yuan, with the tax in them.</summary>
public sealed record CatalogFile(
    int Version, DateTimeOffset EffectiveFrom, IReadOnlyList<CatalogFile.PlanEntry> Plans, CatalogFile.CustomPlanEntry? CustomPlan,
    IReadOnlyList<Rate> Rates, IReadOnlyList<CatalogFile.FactorEntry> Factors, decimal TaxPercent = 0,
    IReadOnlyList<TopUpSlab>? TopUpBonus = null)
{
    /// <summary>What can be added to the plans that limit how many prompts run at the same time, a period.</summary>
    public sealed record CustomPlanEntry(decimal PerThousandExtraTokens, decimal PerExtraConcurrent);

    public sealed record FactorEntry(string Name, string Condition, decimal Multiplier);

    public sealed record PlanEntry(
        string Key, string NameEn, string NameZh, decimal Price, Unit IncludedUnit, long IncludedUnits, bool Unlimited, decimal? Overage,
        int? MaxConcurrent, DedicatedCapacity Dedicated, bool Education, string? SupportLevel, int? SupportResponseMinutes, List<string> Features,
        int TrialDays = 0)
    {
        public Plan ToRow(int order, CustomPlanEntry? custom, DateTimeOffset now) => new()
        {
            Key = Key,
            Version = 1,
            NameEn = NameEn,
            NameZh = NameZh,
            PriceNanos = Money.FromAmount(Price).Nanos,
            IncludedUnit = IncludedUnit,
            IncludedUnits = IncludedUnits,
            Unlimited = Unlimited,
            OverageNanos = Overage is { } overage ? Money.FromAmount(overage).Nanos : null,
            MaxConcurrent = MaxConcurrent,
            ExtraThousandTokensNanos = custom is not null && MaxConcurrent is not null && IncludedUnit == Unit.Tokens ? Money.FromAmount(custom.PerThousandExtraTokens).Nanos : null,
            ExtraConcurrentNanos = custom is not null && MaxConcurrent is not null ? Money.FromAmount(custom.PerExtraConcurrent).Nanos : null,
            Dedicated = Dedicated,
            Education = Education,
            SupportLevel = SupportLevel,
            SupportResponseMinutes = SupportResponseMinutes,
            Features = Features,
            TrialDays = TrialDays,
            SortOrder = order,
            PublishedAt = now,
        };
    }
}
