using Bunit;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Components.Pages.Playground.Answers;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Pages.Playground;

public sealed class ReceiptViewTests : ComponentTest
{
    private static readonly PriceTerms Terms = new(
        1, "guide", null,
        [new MeterRate(Meters.InputTokens, 0.000006m, 0, 0, [new Tier(0, 1), new Tier(100, 0.9m)]), new MeterRate(Meters.OutputTokens, 0.000006m, 0, 0, [])],
        [new NamedFactor("prepaid", 0.9m), new NamedFactor("region:eu-central", 0.9m), .. CouponFactors.Choose([new Discount("LAUNCH", 50, true)])]);

    [Fact]
    public void Tiers_factors_and_savings_are_listed_to_the_last_decimal()
    {
        var usage = MeteredUsage.Text(150, 40);
        var price = Rater.Price(Terms, usage, 0);

        var view = Render(Receipt(usage, price, 0, new Part(LedgerCodes.CreditPurchased, Unit.Money, price.AmountNanos, null)));

        var rows = view.FindAll("tbody tr").Select(row => row.TextContent.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        Assert.Equal(["Input tokens", "100", "¥0.000006", "× 1", "¥0.0006"], rows[0]);
        Assert.Equal(["Input tokens", "50", "¥0.000006", "× 0.9", "¥0.00027"], rows[1]);
        Assert.Equal(["Output tokens", "40", "¥0.000006", "× 1", "¥0.00024"], rows[2]);
        Assert.Equal("× 0.9", Value(view, "Prepaid"));
        Assert.Equal("× 0.9", Value(view, "Region eu-central"));
        Assert.Equal("× 0.5", Value(view, "Code LAUNCH"));
        Assert.Equal("Version 1", Value(view, "Price list"));
        Assert.Equal("¥0.00044955", Value(view, "Charged"));
        Assert.Contains("¥0.00069045", Value(view, "Saved"), StringComparison.Ordinal);
        Assert.Equal("150 tokens in, 40 tokens out", Value(view, "Used"));
    }

    [Fact]
    public void What_quota_paid_for_shows_no_price_and_no_charge()
    {
        var usage = MeteredUsage.Text(10, 5);

        var view = Render(Receipt(usage, Rater.Price(Terms, usage, 0, 15), 15, new Part(LedgerCodes.Allowance, Unit.Tokens, 9, Time.GetUtcNow()), new Part(LedgerCodes.Allowance, Unit.Tokens, 6, null)));

        Assert.Empty(view.FindAll("table"));
        Assert.Equal("15 tokens", Value(view, "Covered by quota"));
        Assert.Equal("Plan allowance 15 tokens", Words(Value(view, "Paid from")));
        Assert.Equal("¥0.00", Value(view, "Charged"));
    }

    [Fact]
    public void A_charge_in_parts_names_every_source_in_the_order_in_which_they_paid()
    {
        var usage = MeteredUsage.Text(10, 5);
        var price = Rater.Price(Terms, usage, 0, 6);

        var view = Render(Receipt(
            usage, price, 6, new Part(LedgerCodes.Seat, Unit.Tokens, 6, null), new Part(LedgerCodes.CreditGranted, Unit.Money, 10_000, null),
            new Part(LedgerCodes.CreditPurchased, Unit.Money, price.AmountNanos - 10_000, null)));

        Assert.Equal("Seat allocation 6 tokens Granted credit ¥0.00001 Purchased credit ¥0.00001187", Words(Value(view, "Paid from")));
    }

    [Fact]
    public void A_plans_own_price_says_so_instead_of_factors()
    {
        var terms = new PriceTerms(1, "shapes", "image-basic", [new MeterRate(Meters.Images, 0.15m, 1_048_576, 9, [])], []);
        var usage = MeteredUsage.Picture(1, 1024, 1024, 9);
        var price = Rater.Price(terms, usage, 0);

        var view = Render(Receipt(usage, price, 0, new Part(LedgerCodes.CreditPurchased, Unit.Money, price.AmountNanos, null)) with { Plan = "image-basic" });

        Assert.Contains("beyond its allowance", Value(view, "Factors"), StringComparison.Ordinal);
        Assert.Equal("¥0.15", Value(view, "Charged"));
        Assert.Equal("1 image, 1024 × 1024 pixels, 9 steps", Value(view, "Used"));
    }

    [Fact]
    public void It_speaks_Chinese()
    {
        Speak("zh-CN");
        var usage = MeteredUsage.Text(10, 5);
        var price = Rater.Price(Terms, usage, 0);

        var view = Render(Receipt(usage, price, 0, new Part(LedgerCodes.CreditPurchased, Unit.Money, price.AmountNanos, null)));

        Assert.Equal("× 0.9", Value(view, "预付费"));
        Assert.StartsWith("充值余额", Words(Value(view, "支付来源")), StringComparison.Ordinal);
    }

    private static Receipt Receipt(MeteredUsage usage, PricedUsage price, long covered, params Part[] parts) =>
        new(Guid.NewGuid(), DateTimeOffset.UnixEpoch, usage, covered, price, parts, 1, "guide", null, 0);

    private IRenderedComponent<ReceiptView> Render(Receipt receipt) => Render<ReceiptView>(set => set.Add(v => v.Receipt, receipt).Add(v => v.Open, true));

    private static string Value(IRenderedComponent<ReceiptView> view, string name) =>
        view.FindAll("dl > div").Single(row => row.QuerySelector("dt")!.TextContent == name).QuerySelector("dd")!.TextContent.Trim();

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
