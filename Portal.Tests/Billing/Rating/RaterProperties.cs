using FsCheck;
using FsCheck.Fluent;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Tests.Billing.Rating;

/// <summary>What holds for every price, tried on generated usages with the shipped rates and any of the shipped factors.</summary>
public sealed class RaterProperties
{
    private const int MonthMax = 20_000_000;

    private static readonly CatalogFile Catalogue = CatalogLoader.ReadShipped();

    private static readonly Gen<long> Tokens = Gen.Choose(0, MonthMax).Select(n => (long)n);

    private static readonly Gen<IReadOnlyList<NamedFactor>> Factors =
        from shuffled in Gen.Shuffle(Catalogue.Factors.ToArray())
        from count in Gen.Choose(0, Catalogue.Factors.Count)
        select (IReadOnlyList<NamedFactor>)[.. shuffled.Take(count).Select(f => new NamedFactor(f.Name, f.Multiplier))];

    private static readonly Gen<IReadOnlyList<NamedFactor>> Coupons =
        from discounts in Gen.ListOf(from percent in Gen.Choose(1, 99) from exclusive in Gen.Elements(true, false) select new Discount($"{percent}-{exclusive}", percent, exclusive))
        select CouponFactors.Choose(discounts.Take(4));

    /// <summary>As a charge has them: those of the rate card, then those of coupons.</summary>
    private static readonly Gen<IReadOnlyList<NamedFactor>> AllFactors =
        from factors in Factors from coupons in Coupons select (IReadOnlyList<NamedFactor>)[.. factors, .. coupons];

    private static readonly Gen<MeteredUsage> Pictures =
        from images in Gen.Choose(1, 8)
        from width in Gen.Choose(1, 4096)
        from height in Gen.Choose(1, 4096)
        from steps in Gen.Choose(1, 60)
        select MeteredUsage.Picture(images, width, height, steps);

    [Fact]
    public void Splitting_tokens_over_two_calls_adds_up_exactly_tier_by_tier() => Check(
        from before in Tokens from first in Tokens from second in Tokens select (before, first, second),
        x =>
        {
            var whole = Text(x.before, x.first + x.second, []).Lines;
            var parts = Text(x.before, x.first, []).Lines.Concat(Text(x.before + x.first, x.second, []).Lines);
            return ByTier(whole).SequenceEqual(ByTier(parts));
        });

    [Fact]
    public void Splitting_tokens_between_input_and_output_costs_the_same() => Check(
        from before in Tokens from input in Tokens from output in Tokens from factors in Factors select (before, input, output, factors),
        x => Rater.Price(Terms(Meters.InputTokens, x.factors), MeteredUsage.Text(x.input, x.output), x.before).AmountNanos
            == Text(x.before, x.input + x.output, x.factors).AmountNanos);

    [Fact]
    public void More_tokens_never_cost_less() => Check(
        from before in Tokens from fewer in Tokens from more in Tokens from factors in Factors select (before, fewer, more, factors),
        x => Text(x.before, x.fewer, x.factors).AmountNanos <= Text(x.before, x.fewer + x.more, x.factors).AmountNanos);

    [Fact]
    public void More_steps_never_cost_less() => Check(
        from picture in Pictures from more in Gen.Choose(0, 60) from factors in Factors select (picture, more, factors),
        x => Picture(x.picture, x.factors).AmountNanos <= Picture(x.picture with { Steps = x.picture.Steps + x.more }, x.factors).AmountNanos);

    [Fact]
    public void The_order_of_factors_does_not_matter() => Check(
        from before in Tokens from tokens in Tokens from picture in Pictures from factors in Factors select (before, tokens, picture, factors),
        x =>
        {
            IReadOnlyList<NamedFactor> sorted = [.. x.factors.OrderBy(f => f.Name, StringComparer.Ordinal)];
            return Text(x.before, x.tokens, x.factors).AmountNanos == Text(x.before, x.tokens, sorted).AmountNanos
                && Picture(x.picture, x.factors).AmountNanos == Picture(x.picture, sorted).AmountNanos;
        });

    [Fact]
    public void A_price_is_never_negative_and_never_above_the_list() => Check(
        from before in Tokens from tokens in Tokens from picture in Pictures from factors in Factors select (before, tokens, picture, factors),
        x => new[] { Text(x.before, x.tokens, x.factors), Picture(x.picture, x.factors) }.All(p => p.AmountNanos >= 0 && p.AmountNanos <= p.ListNanos));

    [Fact]
    public void What_a_quota_covers_is_not_charged_and_the_rest_is_charged_as_if_it_were_all() => Check(
        from before in Tokens from covered in Tokens from rest in Tokens from factors in Factors select (before, covered, rest, factors),
        x =>
        {
            var part = Rater.Price(Terms(Meters.InputTokens, x.factors), MeteredUsage.Text(x.covered + x.rest, 0), x.before, x.covered);
            return part.AmountNanos == Text(x.before, x.rest, x.factors).AmountNanos && part.PaidUnits == x.rest;
        });

    [Fact]
    public void The_steps_of_a_receipt_lead_to_its_amount_to_the_nano() => Check(
        from before in Tokens from tokens in Tokens from covered in Tokens from picture in Pictures from factors in AllFactors select (before, tokens, covered, picture, factors),
        x =>
        {
            var tokens = Rater.Price(Terms(Meters.InputTokens, x.factors), MeteredUsage.Text(x.tokens, x.tokens / 2), x.before, x.covered);
            var picture = Picture(x.picture, x.factors);
            return tokens.Lines.All(l => l.Amount == l.Units * l.PerUnit * l.TierFactor) && tokens.Lines.Sum(l => l.Units) == tokens.PaidUnits
                && AddsUp(tokens) && AddsUp(picture);
        });

    [Fact]
    public void The_lines_of_a_plans_period_add_up_to_its_price_and_the_price_is_the_list_times_the_coupons() => Check(
        from price in Gen.Choose(1, 2_000_000) from thousands in Gen.Choose(0, 1_000_000) from prompts in Gen.Choose(0, 1000) from coupons in Coupons select (price, thousands, prompts, coupons),
        x =>
        {
            var plan = new Plan
            {
                Key = "plan", NameEn = "", NameZh = "", PriceNanos = Money.FromMinorUnits(x.price).Nanos,
                ExtraThousandTokensNanos = Money.FromAmount(0.004m).Nanos, ExtraConcurrentNanos = Money.FromAmount(50m).Nanos,
            };
            var price = PeriodPrice.Of(plan, new PlanExtras(x.thousands * 1000L, x.prompts), x.coupons);
            return price.List.Amount == (x.price / 100m) + (x.thousands * 0.004m) + (x.prompts * 50m)
                && price.Amount == Money.FromAmount(Rater.Multiply(price.List.Amount, x.coupons))
                && price.Lines.Count(l => l.Kind == PeriodPrice.CouponLine) == x.coupons.Count;
        });

    [Fact]
    public void A_coupon_more_never_makes_anything_dearer() => Check(
        from tokens in Tokens
        from discounts in Gen.ListOf(from percent in Gen.Choose(1, 99) from exclusive in Gen.Elements(true, false) select new Discount($"{percent}-{exclusive}", percent, exclusive))
        from more in Gen.Choose(1, 99)
        select (tokens, discounts: discounts.Take(4).ToList(), more),
        x => new[] { true, false }.All(exclusive =>
            Text(0, x.tokens, CouponFactors.Choose([.. x.discounts, new Discount("more", x.more, exclusive)])).AmountNanos
            <= Text(0, x.tokens, CouponFactors.Choose(x.discounts)).AmountNanos));

    [Theory]
    [InlineData(0, long.MaxValue, long.MaxValue)]
    [InlineData(long.MaxValue, 1, 0)]
    [InlineData(1, long.MaxValue, 0)]
    public void Tokens_beyond_counting_are_refused_and_not_wrapped(long before, long input, long output) =>
        Assert.Throws<OverflowException>(() => Rater.Price(Terms(Meters.InputTokens, []), MeteredUsage.Text(input, output), before));

    [Theory]
    [InlineData(long.MaxValue, 1, 1, 1)]
    [InlineData(long.MaxValue, 1024, 1024, 9)]
    [InlineData(1, int.MaxValue, int.MaxValue, int.MaxValue)]
    [InlineData(2, 2_000_000_000, 2_000_000_000, 20_000_000)]
    public void Pictures_beyond_counting_are_refused_and_not_wrapped(long images, int width, int height, int steps) =>
        Assert.Throws<OverflowException>(() => Picture(MeteredUsage.Picture(images, width, height, steps), []));

    /// <summary>From what the receipt shows alone; a picture's size is a fraction that decimals cut off, which may cost the last nano.</summary>
    private static bool AddsUp(PricedUsage price)
    {
        var product = price.Factors.Aggregate(price.Lines.Sum(l => l.Amount), (amount, factor) => amount * factor.Multiplier);
        return Math.Abs(Money.FromAmount(product).Nanos - price.AmountNanos) <= (price.Lines.Any(l => l.Meter == Meters.Images) ? 1 : 0);
    }

    private static List<(decimal Tier, decimal Amount)> ByTier(IEnumerable<PriceLine> lines) =>
        [.. lines.GroupBy(l => l.TierFactor).Select(g => (g.Key, g.Sum(l => l.Amount))).OrderByDescending(t => t.Key)];

    private static PricedUsage Text(long before, long tokens, IReadOnlyList<NamedFactor> factors) =>
        Rater.Price(Terms(Meters.InputTokens, factors), MeteredUsage.Text(tokens, 0), before);

    private static PricedUsage Picture(MeteredUsage usage, IReadOnlyList<NamedFactor> factors) => Rater.Price(Terms(Meters.Images, factors), usage, 0);

    private static PriceTerms Terms(string meter, IReadOnlyList<NamedFactor> factors)
    {
        var rates = Catalogue.Rates.Where(r => Meters.UnitOf(r.Meter) == Meters.UnitOf(meter))
            .Select(r => new MeterRate(r.Meter, r.PerUnit, r.BasePixels, r.BaseSteps, [.. r.Tiers.Select(t => new Tier(t.From, t.Factor))]));
        return new PriceTerms(1, "*", null, [.. rates], factors);
    }

    private static void Check<T>(Gen<T> cases, Func<T, bool> holds) => Prop.ForAll(Arb.From(cases), holds).QuickCheckThrowOnFailure();
}
