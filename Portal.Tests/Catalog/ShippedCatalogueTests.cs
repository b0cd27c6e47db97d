using System.Globalization;
using System.Text.Json;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Catalog;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Catalog;

/// <summary>The figures that are shipped are the ones that were agreed.</summary>
public sealed class ShippedCatalogueTests
{
    private readonly CatalogFile catalogue = CatalogLoader.ReadShipped();

    [Theory]
    [InlineData("image-basic", "99", Unit.Images, 500, false, "0.15", null, null)]
    [InlineData("image-advanced", "399", Unit.Images, 3000, false, "0.10", null, null)]
    [InlineData("image-professional", "999", Unit.Images, 30_000, true, null, null, null)]
    [InlineData("edu-starter", "299", Unit.Tokens, 500_000, false, null, 5, 240)]
    [InlineData("edu-standard", "999", Unit.Tokens, 2_000_000, false, null, 20, 240)]
    [InlineData("edu-professional", "3999", Unit.Tokens, 10_000_000, false, null, 100, 60)]
    [InlineData("edu-enterprise", "14999", Unit.Tokens, 50_000_000, false, null, 500, 15)]
    public void Each_plan_has_its_price_and_what_it_includes(
        string key, string price, Unit unit, long units, bool unlimited, string? overage, int? concurrent, int? responseMinutes)
    {
        var plan = catalogue.Plans.Single(p => p.Key == key);

        Assert.Equal((Decimal(price), unit, units, unlimited), (plan.Price, plan.IncludedUnit, plan.IncludedUnits, plan.Unlimited));
        Assert.Equal((overage is null ? null : Decimal(overage), concurrent, responseMinutes), (plan.Overage, plan.MaxConcurrent, plan.SupportResponseMinutes));
        Assert.Equal(key.StartsWith("edu-", StringComparison.Ordinal), plan.Education);
    }

    [Fact]
    public void What_is_added_to_a_plan_has_its_price() =>
        Assert.Equal(new CatalogFile.CustomPlanEntry(0.004m, 50m), catalogue.CustomPlan);

    [Theory]
    [InlineData(0, "1")]
    [InlineData(100_000, "0.9")]
    [InlineData(500_000, "0.8")]
    [InlineData(1_000_000, "0.7")]
    [InlineData(5_000_000, "0.6")]
    [InlineData(10_000_000, "0.5")]
    public void Input_and_output_tokens_cost_alike_and_less_the_more_are_used(long from, string factor) => Assert.All(
        new[] { Meters.InputTokens, Meters.OutputTokens }.Select(meter => catalogue.Rates.Single(r => r.Meter == meter)),
        rate =>
        {
            Assert.Equal(0.000006m, rate.PerUnit);
            Assert.Equal(6, rate.Tiers.Count);
            Assert.Equal(Decimal(factor), rate.Tiers.Single(t => t.From == from).Factor);
        });

    [Theory]
    [InlineData("prepaid", "0.9")]
    [InlineData("contract12Months", "0.85")]
    [InlineData("education", "0.8")]
    [InlineData("offPeak", "0.7")]
    [InlineData("lightModel", "0.6")]
    [InlineData("previousVersion", "0.7")]
    [InlineData("batchLite", "0.4")]
    [InlineData("asyncBatch", "0.85")]
    [InlineData("degraded", "1")]
    [InlineData("region:us-west", "1")]
    [InlineData("region:eu-central", "0.9")]
    [InlineData("region:ap-southeast", "0.8")]
    public void Each_factor_has_its_multiplier(string name, string multiplier) => Assert.Equal(Decimal(multiplier), catalogue.Factors.Single(f => f.Name == name).Multiplier);

    [Fact]
    public void A_larger_top_up_is_given_more_on_top() =>
        Assert.Equal([(500m, 5m), (2_000m, 10m)], catalogue.TopUpBonus!.Select(s => (s.From, s.Percent)));

    [Fact]
    public void An_image_costs_more_without_a_plan_than_beyond_any_plan()
    {
        var rate = catalogue.Rates.Single(r => r.Meter == Meters.Images);

        Assert.Equal((0.20m, 1024 * 1024, 9), (rate.PerUnit, rate.BasePixels, rate.BaseSteps));
        Assert.All(catalogue.Plans.Where(p => p.Overage is not null), p => Assert.True(p.Overage < rate.PerUnit));
    }

    [Fact]
    public void The_facts_that_lie_beside_the_repository_say_the_same()
    {
        var file = Path.Combine(RepositoryFolder.Root, "..", "shared", "facts", "catalog.json");
        if (!File.Exists(file)) return;
        var facts = JsonDocument.Parse(File.ReadAllText(file)).RootElement;

        foreach (var fact in facts.GetProperty("plans").EnumerateArray())
        {
            var plan = catalogue.Plans.Single(p => p.Key == fact.GetProperty("key").GetString());
            Assert.Equal(Decimal(fact.GetProperty("price").GetString()!), plan.Price);
            Assert.Equal((fact.GetProperty("name").GetProperty("en").GetString(), fact.GetProperty("name").GetProperty("zh-CN").GetString()), (plan.NameEn, plan.NameZh));
        }

        foreach (var fact in facts.GetProperty("factors").EnumerateObject().Where(f => f.Value.ValueKind == JsonValueKind.String))
        {
            Assert.Equal(Decimal(fact.Value.GetString()!), catalogue.Factors.Single(f => f.Name == fact.Name).Multiplier);
        }
    }

    [Fact]
    public void The_price_list_shows_thousands_and_only_factors_that_change_a_price()
    {
        var card = new RateCard { Rates = [.. catalogue.Rates], Factors = [.. catalogue.Factors.Select(f => new Factor { Name = f.Name, Condition = f.Condition, Multiplier = f.Multiplier })] };

        var list = PriceList.Of(card);

        Assert.Equal([6_000_000, 5_400_000, 4_800_000, 4_200_000, 3_600_000, 3_000_000], list.TokenTiers.Select(t => t.PerThousand.Nanos));
        Assert.Equal([100_000, 500_000, 1_000_000, 5_000_000, 10_000_000, null], list.TokenTiers.Select(t => t.To));
        Assert.Equal("0.20", list.Images?.Each.ToTwoDecimals());
        Assert.Equal(("00-08", "eu-central"), (list.Factors.Single(f => f.Name == "offPeak").Hours, list.Factors.First(f => f.Region is not null).Region));
        Assert.DoesNotContain(list.Factors, f => f.Multiplier == 1);
    }

    private static decimal Decimal(string written) => decimal.Parse(written, CultureInfo.InvariantCulture);
}
