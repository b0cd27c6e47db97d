using System.Globalization;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Billing.Rating;

/// <summary>What a period of a plan costs and every step that leads to it: the plan, what is added to it, and what its term and coupons take off both.</summary>
/// <param name="Lines">In this order; they add up to the amount. Kinds are those of invoice lines.</param>
public sealed record PeriodPrice(IReadOnlyList<PeriodPrice.Line> Lines)
{
    public const string PlanLine = "plan";
    public const string TokensLine = "extra-tokens";
    public const string ConcurrentLine = "extra-concurrent";
    public const string FactorLine = "factor";
    public const string CouponLine = "coupon";

    /// <param name="Detail">The plan's key, how many were added, the factor's name, the coupon's code.</param>
    /// <param name="Amount">Exact nanos; of factors and coupons negative.</param>
    public sealed record Line(string Kind, string Detail, Money Amount);

    public Money Amount => Sum(Lines);

    /// <summary>Without factors and coupons.</summary>
    public Money List => Sum(Lines.Where(l => l.Kind is not (FactorLine or CouponLine)));

    /// <summary>With the factors of the term and without coupons.</summary>
    public Money Termed => Sum(Lines.Where(l => l.Kind != CouponLine));

    /// <param name="factors">Those of the term, then the account's coupons as <see cref="CouponFactors"/> chooses them.</param>
    /// <param name="periods">How many are paid at once.</param>
    public static PeriodPrice Of(Plan plan, PlanExtras extras, IReadOnlyList<NamedFactor> factors, int periods = 1)
    {
        var lines = new List<Line> { new(PlanLine, plan.Key, Times(new Money(plan.PriceNanos), periods)) };
        if (extras.Tokens > 0)
        {
            lines.Add(new Line(TokensLine, Whole(extras.Tokens), Times(extras.TokensPrice(plan), periods)));
        }

        if (extras.Concurrent > 0)
        {
            lines.Add(new Line(ConcurrentLine, Whole(extras.Concurrent), Times(extras.ConcurrentPrice(plan), periods)));
        }

        // Each factor's line is the step from the price before it to the price after it, so that the lines add up to the rounded price.
        var list = Sum(lines);
        var before = list;
        for (var taken = 1; taken <= factors.Count; taken++)
        {
            var (name, after) = (factors[taken - 1].Name, Money.FromAmount(Rater.Multiply(list.Amount, factors.Take(taken))));
            lines.Add(CouponFactors.CodeOf(name) is { } code ? new Line(CouponLine, code, after - before) : new Line(FactorLine, name, after - before));
            before = after;
        }

        return new PeriodPrice(lines);
    }

    private static Money Times(Money amount, int periods) => new(checked(amount.Nanos * periods));

    private static Money Sum(IEnumerable<Line> lines) => lines.Aggregate(Money.Zero, (sum, line) => sum + line.Amount);

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}
