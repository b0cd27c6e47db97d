using Portal.Catalog;

namespace Portal.Tests.Catalog;

/// <summary>Either the best exclusive coupon alone or all the others multiplied, whichever is cheaper.</summary>
public sealed class CouponFactorsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("10", "A10")]
    [InlineData("10 20", "A10", "A20")]
    [InlineData("x30", "X30")]
    [InlineData("x30 x40", "X40")]
    [InlineData("x30 10 20", "X30")]
    [InlineData("x28 10 20", "A10", "A20")]
    [InlineData("x27 10 20", "A10", "A20")]
    [InlineData("x29 20 10", "X29")]
    [InlineData("20 20", "A20")]
    public void The_customer_gets_the_cheaper_way(string coupons, params string[] chosen)
    {
        var discounts = coupons.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => c[0] == 'x'
            ? new Discount($"X{c[1..]}", int.Parse(c[1..], System.Globalization.CultureInfo.InvariantCulture), true)
            : new Discount($"A{c}", int.Parse(c, System.Globalization.CultureInfo.InvariantCulture), false));

        Assert.Equal(chosen, CouponFactors.Choose(discounts).Select(f => CouponFactors.CodeOf(f.Name)));
    }

    [Theory]
    [InlineData("launch", "LAUNCH")]
    [InlineData("  La un\tch\u3000２０２６ ", "LAUNCH2026")]
    [InlineData("new-year", "NEW-YEAR")]
    [InlineData("abc", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("优惠码优惠码", null)]
    [InlineData("LAUNCH!", null)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", null)]
    public void Case_and_spaces_of_a_code_do_not_matter(string? typed, string? code) => Assert.Equal(code, CouponCode.Read(typed));
}
