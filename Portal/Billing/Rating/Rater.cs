using Portal.Catalog;
using Portal.Data;

namespace Portal.Billing.Rating;

/// <summary>
/// The one price function: Σ over tiers (rate × units) × factors, exact in decimal and rounded once. Quote, charge,
/// preview and the command line all call it.
/// </summary>
public static class Rater
{
    /// <param name="usedBefore">Units that money already paid for in this calendar month.</param>
    /// <param name="coveredUnits">The first units of the usage, which a quota pays for.</param>
    /// <exception cref="OverflowException">The price does not fit 64 bits of nanos.</exception>
    public static PricedUsage Price(PriceTerms terms, MeteredUsage usage, long usedBefore, long coveredUnits = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(usedBefore);
        ArgumentOutOfRangeException.ThrowIfNegative(coveredUnits);
        return usage.Unit == Unit.Images ? PriceImages(terms, usage, coveredUnits) : PriceTokens(terms, usage, usedBefore, coveredUnits);
    }

    /// <summary>An exact amount after its factors, in their order; of a prompt as of a plan's period.</summary>
    public static decimal Multiply(decimal amount, IEnumerable<NamedFactor> factors) => factors.Aggregate(amount, (product, factor) => product * factor.Multiplier);

    /// <summary>Whether the price of a usage can be expressed at all.</summary>
    public static bool Fits(PriceTerms terms, MeteredUsage usage)
    {
        try
        {
            return usage.QuotaUnits(terms) >= 0 && Price(terms, usage, 0).AmountNanos >= 0;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static PricedUsage PriceTokens(PriceTerms terms, MeteredUsage usage, long usedBefore, long coveredUnits)
    {
        var lines = new List<PriceLine>();
        var position = usedBefore;
        var covered = coveredUnits;
        foreach (var rate in terms.Rates)
        {
            var units = rate.Meter == Meters.InputTokens ? usage.InputTokens : usage.OutputTokens;
            var free = Math.Min(covered, units);
            covered -= free;
            position = AddTiers(lines, rate, position, units - free);
        }

        var list = lines.Sum(l => l.Units * l.PerUnit);
        return Total(terms, lines, lines.Sum(l => l.Amount), 1m, list, lines.Sum(l => l.Units));
    }

    /// <returns>The position in the month after these units.</returns>
    private static long AddTiers(List<PriceLine> lines, MeterRate rate, long position, long units)
    {
        var tiers = rate.Tiers.Count == 0 ? [new Tier(0, 1m)] : rate.Tiers;
        for (var i = 0; i < tiers.Count && units > 0; i++)
        {
            var last = i + 1 == tiers.Count;
            if (!last && position >= tiers[i + 1].From)
            {
                continue;
            }

            var here = last ? units : Math.Min(units, tiers[i + 1].From - position);
            lines.Add(new PriceLine(rate.Meter, here, rate.PerUnit, tiers[i].Factor, here * rate.PerUnit * tiers[i].Factor));
            position = checked(position + here);
            units -= here;
        }

        return position;
    }

    private static PricedUsage PriceImages(PriceTerms terms, MeteredUsage usage, long coveredUnits)
    {
        var rate = terms.Rates[0];
        var units = usage.QuotaUnits(terms);
        var paid = Math.Max(0, units - coveredUnits);
        if (paid == 0)
        {
            return new PricedUsage(0, 0, 0, [], terms.Factors);
        }

        // Divided last, so that the product before it is exact; a picture that a quota paid in part costs its unpaid share.
        var pixelSteps = (decimal)usage.Width * usage.Height * usage.Steps;
        var divisor = (decimal)rate.BasePixels * rate.BaseSteps * units;
        var product = rate.PerUnit * usage.Images * pixelSteps * paid;
        var line = new PriceLine(rate.Meter, usage.Images, rate.PerUnit, pixelSteps / ((decimal)rate.BasePixels * rate.BaseSteps), product / divisor);
        return Total(terms, [line], product, divisor, product / divisor, paid);
    }

    private static PricedUsage Total(PriceTerms terms, List<PriceLine> lines, decimal product, decimal divisor, decimal list, long paidUnits)
    {
        var amount = Multiply(product, terms.Factors) / divisor;
        return new PricedUsage(Money.FromAmount(amount).Nanos, Money.FromAmount(list).Nanos, paidUnits, lines, terms.Factors);
    }
}
