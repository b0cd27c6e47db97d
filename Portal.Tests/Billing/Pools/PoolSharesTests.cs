using Portal.Billing.Pools;
using Portal.Data;

namespace Portal.Tests.Billing.Pools;

public sealed class PoolSharesTests
{
    [Theory]
    [InlineData("100", "50,50", "50,50")]
    [InlineData("100", "33.33,33.33,33.34", "33.33,33.33,33.34")]
    [InlineData("0.01", "50,50", "0,0.01")]
    [InlineData("0.05", "33.33,33.33,33.34", "0.01,0.01,0.03")]
    [InlineData("14999.99", "12.5,37.5,50", "1874.99,5624.99,7500.01")]
    public void Shares_are_whole_minor_units_and_the_last_absorbs_the_rest(string monthly, string percents, string shares) =>
        Assert.Equal(Numbers(shares), PoolShares.Of(Money.FromAmount(Numbers(monthly)[0]), Numbers(percents)).Select(s => s.Amount));

    [Fact]
    public void They_always_add_up_to_the_cost_and_none_is_negative()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var monthly = Money.FromMinorUnits(random.NextInt64(1, 10_000_000));
            var left = 10_000;
            var percents = new List<decimal>();
            while (left > 1 && percents.Count < 19)
            {
                var part = random.Next(1, left);
                percents.Add(part / 100m);
                left -= part;
            }

            percents.Add(left / 100m);

            var shares = PoolShares.Of(monthly, percents);

            Assert.Equal(monthly.Nanos, shares.Sum(s => s.Nanos));
            Assert.All(shares, s => Assert.True(s >= Money.Zero));
        }
    }

    private static decimal[] Numbers(string list) => [.. list.Split(',').Select(n => decimal.Parse(n, System.Globalization.CultureInfo.InvariantCulture))];
}
