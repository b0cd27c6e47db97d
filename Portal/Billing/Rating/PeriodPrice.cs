using System.Globalization;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Billing.Rating;

/// <summary>What a period of a plan costs and every step that leads to it: the plan, what is added to it, and what coupons take off both.</summary>
/// <param name="Lines">In this order; they add up to the amount. Kinds are those of invoice lines.</param>
public sealed record PeriodPrice(IReadOnlyList<PeriodPrice.Line> Lines)
{
    public const string PlanLine = "plan";
    public const string TokensLine = "extra-tokens";
    public const string ConcurrentLine = "extra-concurrent";
    public const string CouponLine = "coupon";

    /// <param name="Detail">The plan's key, how many were added, the coupon's code.</param>
    /// <param name="Amount">Exact nanos; of coupons negative.</param>
    public sealed record Line(string Kind, string Detail, Money Amount);

    public Money Amount => Sum(Lines);

    /// <summary>Without coupons.</summary>
    public Money List => Sum(Lines.Where(l => l.Kind != CouponLine));

    /// <param name="coupons">The account's, as <see cref="CouponFactors"/> chooses them.</param>
    public static PeriodPrice Of(Plan plan, PlanExtras extras, IReadOnlyList<NamedFactor> coupons)
    {
        var lines = new List<Line> { new(PlanLine, plan.Key, new Money(plan.PriceNanos)) };
        if (extras.Tokens > 0)
        {
            lines.Add(new Line(TokensLine, Whole(extras.Tokens), extras.TokensPrice(plan)));
        }

        if (extras.Concurrent > 0)
        {
            lines.Add(new Line(ConcurrentLine, Whole(extras.Concurrent), extras.ConcurrentPrice(plan)));
        }

        // Each coupon's line is the step from the price before it to the price after it, so that the lines add up to the rounded price.
        var list = Sum(lines);
        var before = list;
        for (var taken = 1; taken <= coupons.Count; taken++)
        {
            var after = Money.FromAmount(Rater.Multiply(list.Amount, coupons.Take(taken)));
            lines.Add(new Line(CouponLine, CouponFactors.CodeOf(coupons[taken - 1].Name) ?? coupons[taken - 1].Name, after - before));
            before = after;
        }

        return new PeriodPrice(lines);
    }

    private static Money Sum(IEnumerable<Line> lines) => lines.Aggregate(Money.Zero, (sum, line) => sum + line.Amount);

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}
