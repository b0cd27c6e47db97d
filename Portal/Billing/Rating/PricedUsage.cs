using System.Text.Json.Serialization;
using Portal.Catalog;

namespace Portal.Billing.Rating;

/// <summary>A price and every step that led to it.</summary>
/// <param name="AmountNanos">Rounded once, half-even.</param>
/// <param name="ListNanos">The same units at the plain rate: no tiers, no factors.</param>
/// <param name="PaidUnits">Units that money pays for; they move the month's tiers.</param>
public sealed record PricedUsage(long AmountNanos, long ListNanos, long PaidUnits, IReadOnlyList<PriceLine> Lines, IReadOnlyList<NamedFactor> Factors)
{
    [JsonIgnore]
    public long SavedNanos => Math.Max(0, ListNanos - AmountNanos);
}

/// <param name="TierFactor">Of tokens the tier's, of images the size's (pixels × steps over the standard image's).</param>
/// <param name="Amount">Exact yuan before the factors.</param>
public readonly record struct PriceLine(string Meter, long Units, decimal PerUnit, decimal TierFactor, decimal Amount);
