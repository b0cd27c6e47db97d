namespace Portal.Catalog;

/// <summary>
/// Which of an account's discounts make a price: either the best of the exclusive ones alone, or all the others multiplied,
/// whichever is cheaper for the customer. A coupon counts once, however often it was redeemed.
/// </summary>
public static class CouponFactors
{
    private const string Prefix = "coupon:";

    public static IReadOnlyList<NamedFactor> Choose(IEnumerable<Discount> discounts)
    {
        // In one order whoever asks: terms are stored and compared by what they say.
        var each = discounts.DistinctBy(d => d.Code).OrderBy(d => d.PercentOff).ThenBy(d => d.Code, StringComparer.Ordinal).ToLookup(d => d.Exclusive);
        var together = each[false].ToList();
        var product = together.Aggregate(1m, (factor, d) => factor * d.Multiplier);
        var chosen = each[true].Any() && each[true].Last() is var best && best.Multiplier < product ? [best] : together;
        return chosen.ConvertAll(d => new NamedFactor(Prefix + d.Code, d.Multiplier));
    }

    /// <summary>The code of a coupon's factor; null of any other.</summary>
    public static string? CodeOf(string factor) => factor.StartsWith(Prefix, StringComparison.Ordinal) ? factor[Prefix.Length..] : null;
}
