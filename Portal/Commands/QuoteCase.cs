using System.Text.Json;
using Portal.Catalog;

namespace Portal.Commands;

/// <summary>One case of <c>quote</c>: tokens, images, or a plan's period. Fields that no price depends on are ignored.</summary>
/// <param name="Id">Given back as it came.</param>
/// <param name="Meter"><c>tokens</c> or <c>images</c>; absent for a plan.</param>
/// <param name="UsedBefore">Tokens already paid for in the calendar month.</param>
/// <param name="Quantity">Tokens, or images (one when absent).</param>
/// <param name="Factors">Names of the catalogue's factors; their order does not matter.</param>
/// <param name="PlanPrice">Yuan a period; makes the case one of a plan.</param>
/// <param name="Included">Units, or <c>unlimited</c>.</param>
/// <param name="Overage">Yuan a unit beyond the included ones.</param>
/// <param name="Used">Units of the period.</param>
/// <param name="ExtraTokens">Added to the plan, at the catalogue's price.</param>
/// <param name="ExtraConcurrent">Prompts at the same time that are added to the plan, at the catalogue's price.</param>
/// <param name="Coupons">What the customer has redeemed; of tokens and images as of a plan.</param>
public sealed record QuoteCase(
    JsonElement Id, string? Meter = null, long UsedBefore = 0, long? Quantity = null, IReadOnlyList<string>? Factors = null, string? Region = null,
    int? Width = null, int? Height = null, int? Steps = null,
    decimal? PlanPrice = null, JsonElement? Included = null, decimal? Overage = null, long? Used = null,
    long ExtraTokens = 0, int ExtraConcurrent = 0, IReadOnlyList<QuoteCase.Coupon>? Coupons = null)
{
    /// <param name="PercentOff">1 to 99.</param>
    public sealed record Coupon(int PercentOff, bool Exclusive = false);

    /// <summary>The factors that the coupons come to; each counts, so each has a name of its own.</summary>
    internal IReadOnlyList<NamedFactor> CouponFactors() =>
        Catalog.CouponFactors.Choose((Coupons ?? []).Select((c, i) => new Discount($"{i}", c.PercentOff, c.Exclusive)));
}
