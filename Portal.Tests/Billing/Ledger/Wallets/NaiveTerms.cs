using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;

namespace Portal.Tests.Billing.Ledger.Wallets;

/// <summary>Terms with a tier and a factor whose prices are whole nanos, and those prices counted one by one.</summary>
internal static class NaiveTerms
{
    public const int TierEdge = 100;

    private const long NanosPerToken = 900_000;
    private const long NanosPerPicture = 180_000_000;

    private static readonly Tier[] Tiers = [new(0, 1m), new(TierEdge, 0.5m)];
    private static readonly NamedFactor[] Factors = [new("tenth off", 0.9m)];

    public static readonly PriceTerms Text = new(
        3, "guide", null, [new MeterRate(Meters.InputTokens, 0.001m, 0, 0, Tiers), new MeterRate(Meters.OutputTokens, 0.001m, 0, 0, Tiers)], Factors);

    public static readonly PriceTerms Picture = new(3, "painter", null, [new MeterRate(Meters.Images, 0.2m, 512 * 512, 4, [])], Factors);

    public static PriceTerms Of(Unit unit) => unit == Unit.Tokens ? Text : Picture;

    public static MeteredUsage Usage(Unit unit, long amount) =>
        unit == Unit.Tokens ? MeteredUsage.Text(amount / 3, amount - (amount / 3)) : MeteredUsage.Picture(amount, 512, 512, 4);

    /// <param name="position">Paid tokens of the month before these.</param>
    public static long Price(Unit unit, long position, long units)
    {
        if (unit == Unit.Images) return units * NanosPerPicture;
        var dear = Math.Clamp(TierEdge - position, 0, units);
        return (dear * NanosPerToken) + ((units - dear) * NanosPerToken / 2);
    }
}
