using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Catalog;

/// <summary>The pay-per-use prices as a person reads them: made from the rate card that charges.</summary>
/// <param name="Factors">Those that change a price, in the order in which they multiply.</param>
public sealed record PriceList(IReadOnlyList<PriceList.Tier> TokenTiers, PriceList.Image? Images, IReadOnlyList<PriceList.Factor> Factors)
{
    private const int Thousand = 1000;
    private const string RegionPrefix = "region:";

    /// <param name="To">Exclusive; null: without end.</param>
    public sealed record Tier(long From, long? To, decimal Multiplier, Money PerThousand);

    /// <param name="Each">A standard image: its pixels and steps.</param>
    public sealed record Image(Money Each, long Pixels, int Steps);

    /// <param name="Region">Set for a region's factor.</param>
    /// <param name="Hours">Of the off-peak factor: from and to, hours of the day in <paramref name="Zone"/>.</param>
    public sealed record Factor(string Name, decimal Multiplier, string? Region, string? Hours, string? Zone);

    /// <summary>Of the tokens of a prompt, where they cost other than those of its answer; empty: all cost alike.</summary>
    public IReadOnlyList<Tier> InputTiers { get; init; } = [];

    /// <summary>The prices of every model without a rate of its own.</summary>
    public static PriceList Of(RateCard card)
    {
        var tokens = card.Rates.Find(r => r is { Model: "*", Meter: Meters.OutputTokens });
        var input = card.Rates.Find(r => r is { Model: "*", Meter: Meters.InputTokens });
        var images = card.Rates.Find(r => r is { Model: "*", Meter: Meters.Images });
        return new PriceList(
            tokens is null ? [] : TiersOf(tokens),
            images is null ? null : new Image(Money.FromAmount(images.PerUnit), images.BasePixels, images.BaseSteps),
            [.. card.Factors.Where(f => f.Multiplier != 1).Select(FactorOf)])
        {
            InputTiers = input is null || tokens is null || TiersOf(input).SequenceEqual(TiersOf(tokens)) ? [] : TiersOf(input),
        };
    }

    private static List<Tier> TiersOf(Rate rate)
    {
        var tiers = rate.Tiers.Count == 0 ? [new RateTier { Factor = 1 }] : rate.Tiers.OrderBy(t => t.From).ToList();
        return [.. tiers.Select((t, i) => new Tier(
            t.From, i + 1 < tiers.Count ? tiers[i + 1].From : null, t.Factor, Money.FromAmount(rate.PerUnit * Thousand * t.Factor)))];
    }

    private static Factor FactorOf(Data.Catalog.Factor factor) => new(
        factor.Name, factor.Multiplier,
        factor.Name.StartsWith(RegionPrefix, StringComparison.Ordinal) ? factor.Name[RegionPrefix.Length..] : null,
        FactorConditions.HoursOf(factor.Condition), FactorConditions.ZoneOf(factor.Condition));
}
