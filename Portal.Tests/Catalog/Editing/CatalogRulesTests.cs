using Portal.Catalog;
using Portal.Catalog.Editing;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Tests.Catalog.Editing;

/// <summary>What cannot be sold is refused with a sentence, before anything is saved.</summary>
public sealed class CatalogRulesTests
{
    private static readonly CatalogFile Shipped = CatalogLoader.ReadShipped();

    /// <summary>As it would be saved: all that the file leaves out is written out.</summary>
    private static readonly CatalogFile.PlanEntry Plan = CatalogFile.PlanEntry.Of(Shipped.Plans[3].ToRow(3, Shipped.CustomPlan, default));

    private static readonly PricesEntry Prices = new(Shipped.TaxPercent, Shipped.Rates, Shipped.Factors, Shipped.TopUpBonus ?? []);

    [Fact]
    public void What_is_shipped_keeps_the_rules()
    {
        Assert.All(Shipped.Plans, (plan, i) => Assert.Null(PlanRules.WhyNot(CatalogFile.PlanEntry.Of(plan.ToRow(i, Shipped.CustomPlan, default)), null)));
        Assert.Null(PriceRules.WhyNot(Prices));
    }

    [Fact]
    public void A_plan_that_makes_no_sense_is_refused()
    {
        (CatalogFile.PlanEntry Plan, string Path, string Code)[] wrong =
        [
            (Plan with { Key = "" }, "key", "plan-rule.key"), (Plan with { Key = null! }, "key", "plan-rule.key"), (Plan with { Key = "A b" }, "key", "plan-rule.key"),
            (Plan with { Key = ":prices" }, "key", "plan-rule.key"), (Plan with { Key = new string('a', 41) }, "key", "plan-rule.key"),
            (Plan with { NameEn = "" }, "nameEn", "plan-rule.name"), (Plan with { NameZh = null! }, "nameZh", "plan-rule.name"), (Plan with { NameZh = " " }, "nameZh", "plan-rule.name"),
            (Plan with { NameEn = "=cmd|'/c calc'!A1" }, "nameEn", "plan-rule.name"), (Plan with { NameEn = "+1" }, "nameEn", "plan-rule.name"), (Plan with { NameEn = "@x" }, "nameEn", "plan-rule.name"),
            (Plan with { NameEn = "a\tb" }, "nameEn", "plan-rule.name"), (Plan with { NameEn = new string('a', 61) }, "nameEn", "plan-rule.name"),
            (Plan with { Price = -1 }, "price", "plan-rule.price"), (Plan with { Price = 0 }, "price", "plan-rule.price"), (Plan with { Price = 9.999m }, "price", "plan-rule.price"),
            (Plan with { Price = decimal.MaxValue }, "price", "plan-rule.price"), (Plan with { PeriodMonths = 0 }, "periodMonths", "plan-rule.months"),
            (Plan with { IncludedUnit = Unit.Money }, "includedUnit", "plan-rule.unit"), (Plan with { IncludedUnits = 0 }, "includedUnits", "plan-rule.units"),
            (Plan with { IncludedUnits = long.MaxValue }, "includedUnits", "plan-rule.units"), (Plan with { Overage = -1 }, "overage", "plan-rule.overage"), (Plan with { Overage = 0 }, "overage", "plan-rule.overage"),
            (Plan with { Overage = 0.0000000001m }, "overage", "plan-rule.overage"), (Plan with { Unlimited = true, Overage = 1 }, "overage", "plan-rule.overage-unlimited"),
            (Plan with { MaxConcurrent = 0 }, "maxConcurrent", "plan-rule.concurrent"), (Plan with { PerThousandExtraTokens = -1 }, "perThousandExtraTokens", "plan-rule.extra-tokens"),
            (Plan with { IncludedUnit = Unit.Images }, "perThousandExtraTokens", "plan-rule.extra-tokens"), (Plan with { MaxConcurrent = null }, "perExtraConcurrent", "plan-rule.extra-concurrent"),
            (Plan with { Dedicated = (DedicatedCapacity)9 }, "dedicated", "plan-rule.dedicated"), (Plan with { SupportLevel = "=x" }, "supportLevel", "plan-rule.support"),
            (Plan with { SupportLevel = null }, "supportResponseMinutes", "plan-rule.support"), (Plan with { SupportResponseMinutes = 0 }, "supportResponseMinutes", "plan-rule.support"),
            (Plan with { Features = null! }, "features", "plan-rule.features"), (Plan with { Features = ["all", "all"] }, "features", "plan-rule.features"), (Plan with { Features = ["<b>"] }, "features", "plan-rule.features"),
            (Plan with { TrialDays = -1 }, "trialDays", "plan-rule.trial"), (Plan with { SortOrder = -1 }, "sortOrder", "plan-rule.order"),
        ];

        Assert.All(wrong, w => Assert.Equal((w.Path, w.Code), PlanRules.WhyNot(w.Plan, null) is { } flaw ? (flaw.Path, flaw.Refusal.Code) : default));
    }

    [Fact]
    public void A_version_keeps_the_unit_and_the_period_of_its_plan()
    {
        var earlier = Plan.ToRow(0, null, default);

        Assert.Null(PlanRules.WhyNot(Plan with { Price = 1 }, earlier));
        Assert.Equal("plan-rule.fixed", PlanRules.WhyNot(Plan with { PeriodMonths = 12 }, earlier)?.Refusal.Code);
        Assert.Equal("plan-rule.fixed", PlanRules.WhyNot(Plan with { IncludedUnit = Unit.Images, PerThousandExtraTokens = null }, earlier)?.Refusal.Code);
    }

    [Fact]
    public void Prices_that_make_no_sense_are_refused()
    {
        (PricesEntry Prices, string Path, string Code)[] wrong =
        [
            (Prices with { TaxPercent = -1 }, "taxPercent", "tax-rule"), (Prices with { TaxPercent = 100 }, "taxPercent", "tax-rule"), (Prices with { TaxPercent = 0.001m }, "taxPercent", "tax-rule"),
            (Prices with { Rates = null! }, "rates", "rate-rule.many"), (With(r => r.Model = "a b"), "rates[0].model", "rate-rule.model"), (With(r => r.Model = "=cmd"), "rates[0].model", "rate-rule.model"),
            (With(r => r.Meter = "words"), "rates[0].meter", "rate-rule.meter"), (With(r => r.PerUnit = -0.01m), "rates[0].perUnit", "rate-rule.price"), (With(r => r.PerUnit = 0), "rates[0].perUnit", "rate-rule.price"),
            (With(r => r.PerUnit = decimal.MaxValue), "rates[0].perUnit", "rate-rule.price"), (With(r => r.PerUnit = 0.0000000000001m), "rates[0].perUnit", "rate-rule.price"),
            (With(r => r.BasePixels = 1), "rates[0].basePixels", "rate-rule.size"), (With(r => r.Tiers[1].From = 0), "rates[0].tiers[1].from", "rate-rule.tiers-order"),
            (With(r => r.Tiers[2].From = r.Tiers[1].From), "rates[0].tiers[2].from", "rate-rule.tiers-order"), (With(r => r.Tiers.RemoveAt(0)), "rates[0].tiers[0].from", "rate-rule.tiers-order"),
            (With(r => r.Tiers[1].Factor = 0), "rates[0].tiers[1].factor", "rate-rule.tiers-factor"), (With(r => r.Tiers[1].Factor = 100), "rates[0].tiers[1].factor", "rate-rule.tiers-factor"),
            (With(r => r.Tiers = null!), "rates[0].tiers", "rate-rule.tiers"), (With(r => r.Meter = Meters.OutputTokens), "rates[1]", "rate-rule.twice"), (With(r => r.Model = "guide"), "rates", "rate-rule.missing"),
            (Factor(f => f with { Name = "" }), "factors[0].name", "factor-rule.name"), (Factor(f => f with { Name = "=cmd" }), "factors[0].name", "factor-rule.name"),
            (Factor(f => f with { Name = "coupon:X" }), "factors[0].name", "factor-rule.name"), (Factor(f => f with { Name = "EDUCATION" }), "factors[2]", "factor-rule.twice"),
            (Factor(f => f with { Condition = "account.prepayed" }), "factors[0].condition", "factor-rule.condition"), (Factor(f => f with { Condition = null! }), "factors[0].condition", "factor-rule.condition"),
            (Factor(f => f with { Condition = "hours.0-8@Nowhere/Land" }), "factors[0].condition", "factor-rule.condition"), (Factor(f => f with { Condition = "hours.08-08" }), "factors[0].condition", "factor-rule.condition"),
            (Factor(f => f with { Condition = "region." + new string('a', 300) }), "factors[0].condition", "factor-rule.condition"),
            (Factor(f => f with { Multiplier = 0 }), "factors[0].multiplier", "factor-rule.multiplier"), (Factor(f => f with { Multiplier = 100 }), "factors[0].multiplier", "factor-rule.multiplier"),
            (Factor(f => f with { Multiplier = -0.5m }), "factors[0].multiplier", "factor-rule.multiplier"), (Prices with { TopUpBonus = [new() { From = 500, Percent = 5 }, new() { From = 500, Percent = 10 }] }, "topUpBonus[1]", "bonus-rule"),
            (Prices with { TopUpBonus = [new() { From = -1, Percent = 5 }] }, "topUpBonus[0]", "bonus-rule"), (Prices with { TopUpBonus = [new() { From = 1, Percent = 101 }] }, "topUpBonus[0]", "bonus-rule"),
        ];

        Assert.All(wrong, w => Assert.Equal((w.Path, w.Code), PriceRules.WhyNot(w.Prices) is { } flaw ? (flaw.Path, flaw.Refusal.Code) : default));
    }

    [Theory]
    [InlineData("account.prepaid", true)]
    [InlineData("region.eu-central", true)]
    [InlineData("quality.degraded", true)]
    [InlineData("hours.22-06", true)]
    [InlineData("hours.00-24@Asia/Shanghai", true)]
    [InlineData("region.", false)]
    [InlineData("region.<b>", false)]
    [InlineData("hours.00", false)]
    [InlineData("hours.-1-8", false)]
    [InlineData("hours.00-25", false)]
    [InlineData("hours.00-08@Asia/Shanghai@UTC", false)]
    [InlineData("", false)]
    public void Only_conditions_that_can_apply_are_known(string condition, bool known) => Assert.Equal(known, FactorConditions.IsKnown(condition));

    private static PricesEntry With(Action<Rate> change)
    {
        var prices = CatalogJson.Read<PricesEntry>(CatalogJson.Write(Prices));
        change(prices.Rates[0]);
        return prices;
    }

    private static PricesEntry Factor(Func<CatalogFile.FactorEntry, CatalogFile.FactorEntry> change) => Prices with { Factors = [change(Prices.Factors[0]), .. Prices.Factors.Skip(1)] };
}
