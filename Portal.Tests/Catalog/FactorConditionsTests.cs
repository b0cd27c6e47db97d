using Portal.Catalog;

namespace Portal.Tests.Catalog;

public sealed class FactorConditionsTests
{
    [Theory]
    [InlineData("00-08", 0, true)]
    [InlineData("00-08", 7, true)]
    [InlineData("00-08", 8, false)]
    [InlineData("00-08", 23, false)]
    [InlineData("22-06", 21, false)]
    [InlineData("22-06", 22, true)]
    [InlineData("22-06", 0, true)]
    [InlineData("22-06", 6, false)]
    [InlineData("08", 8, false)]
    [InlineData("from-to", 8, false)]
    public void Hours_are_those_of_the_accounts_wall_clock(string span, int hour, bool applies) =>
        Assert.Equal(applies, FactorConditions.Applies($"hours.{span}", Context(hour)));

    [Theory]
    [InlineData("Asia/Shanghai", true)]
    [InlineData("America/Los_Angeles", false)]
    [InlineData("Nowhere/Else", false)]
    public void Hours_of_a_named_zone_do_not_follow_the_account(string zone, bool applies)
    {
        var midnightInShanghai = new DateTimeOffset(2026, 7, 1, 9, 30, 0, TimeSpan.FromHours(-7));

        Assert.Equal(applies, FactorConditions.Applies($"hours.00-08@{zone}", Context(12) with { LocalTime = midnightInShanghai }));
    }

    [Theory]
    [InlineData("degraded", true)]
    [InlineData("other", false)]
    [InlineData(null, false)]
    public void A_grade_is_asked_for_by_its_name(string? grade, bool applies) =>
        Assert.Equal(applies, FactorConditions.Applies("quality.degraded", Context(12) with { Quality = grade }));

    [Theory]
    [InlineData(11, false)]
    [InlineData(12, true)]
    [InlineData(36, true)]
    public void A_contract_counts_from_twelve_months(int months, bool applies) =>
        Assert.Equal(applies, FactorConditions.Applies("contract.12months", Context(12) with { ContractMonths = months }));

    [Theory]
    [InlineData("account.prepaid")]
    [InlineData("account.education")]
    [InlineData("model.light")]
    [InlineData("model.previous")]
    [InlineData("request.batch")]
    [InlineData("request.batch-lite")]
    [InlineData("region.eu-central")]
    public void Each_condition_asks_for_one_thing(string condition)
    {
        var all = Context(12) with
        {
            Prepaid = true, Education = true, LightModel = true, PreviousVersion = true, Batch = true, BatchLite = true, Region = "eu-central",
        };

        Assert.True(FactorConditions.Applies(condition, all));
        Assert.False(FactorConditions.Applies(condition, Context(12)));
    }

    [Theory]
    [InlineData("account.prepayed")]
    [InlineData("region.")]
    [InlineData("")]
    public void A_condition_that_is_not_known_gives_no_discount(string condition) => Assert.False(FactorConditions.Applies(condition, Context(12)));

    private static PriceContext Context(int hour) => new(false, 0, false, new DateTimeOffset(2026, 7, 1, hour, 59, 59, TimeSpan.FromHours(8)));
}
