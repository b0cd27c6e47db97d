using Portal.Billing.Costs;

namespace Portal.Tests.Billing.Costs;

public sealed class UsageGrowthTests
{
    public static TheoryData<decimal[], decimal> Trends => new()
    {
        { [], 1 },
        { [50], 1 },
        { [0, 0, 0], 1 },
        { [100, 100, 100], 1 },
        { [100, 110], 1.1429m },
        { [100, 110, 120], 1.1818m },
        { [120, 110, 100], 0.8182m },
        { [90, 120, 90], 1 },
        { [0, 0, 300], 2 },
        { [300, 0, 0], 0.5m },
    };

    [Theory, MemberData(nameof(Trends))]
    public void It_is_the_line_through_the_months_one_month_further_and_at_most_twice_or_half(decimal[] months, decimal growth) =>
        Assert.Equal(growth, UsageGrowth.Of(months));
}
