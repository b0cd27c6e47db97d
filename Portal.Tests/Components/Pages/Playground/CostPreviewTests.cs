using Bunit;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Components.Pages.Playground;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Prompts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Pages.Playground;

public sealed class CostPreviewTests : ComponentTest
{
    private static readonly PriceTerms Terms = new(
        1, "guide", null, [new MeterRate(Meters.InputTokens, 0.000006m, 0, 0, []), new MeterRate(Meters.OutputTokens, 0.000006m, 0, 0, [])], []);

    [Fact]
    public void Before_anything_is_written_it_says_what_will_stand_there()
    {
        var view = Render(null, null);

        Assert.Contains("appears here", view.Markup, StringComparison.Ordinal);
        Assert.Empty(view.FindAll(".cost-figure"));
    }

    [Fact]
    public void Money_is_shown_with_the_units_that_it_pays_at_most()
    {
        var view = Render(Preview(20, 256, 0, new Part(LedgerCodes.CreditPurchased, Unit.Money, 1_656_000, null)), null);

        Assert.Equal("¥0.001656", view.Find(".cost-figure").TextContent.Trim());
        Assert.Equal("Up to 276 tokens: 20 in, up to 256 out", view.Find(".cost-units").TextContent);
        Assert.Contains("Purchased credit", view.Find(".cost-paid").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_quota_pays_for_is_said_to_cost_no_money()
    {
        var view = Render(Preview(20, 256, 276, new Part(LedgerCodes.Seat, Unit.Tokens, 276, null)), null);

        Assert.Equal("No charge: your quota pays", view.Find(".cost-figure").TextContent.Trim());
        Assert.Contains("Seat allocation", view.Find(".cost-paid").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "At most, with code LAUNCH")]
    [InlineData(276, "At most")]
    public void B23_a_code_that_lowers_the_price_is_named_beside_it(long covered, string title)
    {
        var terms = Terms with { Factors = [new NamedFactor("prepaid", 0.9m), .. CouponFactors.Choose([new Discount("LAUNCH", 20, false)])] };

        var view = Render(Preview(terms, 20, 256, covered, new Part(LedgerCodes.CreditPurchased, Unit.Money, 1_192_320, null)), null);

        Assert.Equal(title, view.Find(".cost-title").TextContent);
        Assert.Equal(covered == 0 ? "¥0.00119232" : "No charge: your quota pays", view.Find(".cost-figure").TextContent.Trim());
    }

    [Fact]
    public void Short_money_leads_to_the_top_up()
    {
        var view = Render(null, new Refusal("funds.short", "0.10", "0.02"));

        Assert.Contains("0.10", view.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal(["/billing", "/plans"], view.FindAll(".ways a").Select(a => a.GetAttribute("href")));
    }

    [Fact]
    public void A_student_whose_seat_is_used_up_is_not_sent_to_the_top_up()
    {
        var view = Render(null, new Refusal("seat.short.tokens", "276", "12"));

        Assert.Contains("12", view.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(view.FindAll(".ways a"));
    }

    private IRenderedComponent<CostPreview> Render(PromptPreview? preview, Refusal? refusal) =>
        Render<CostPreview>(set => set.Add(v => v.Preview, preview).Add(v => v.Refusal, refusal));

    private static PromptPreview Preview(long input, long output, long covered, params Part[] parts) => Preview(Terms, input, output, covered, parts);

    private static PromptPreview Preview(PriceTerms terms, long input, long output, long covered, params Part[] parts)
    {
        var usage = MeteredUsage.Text(input, output);
        return new PromptPreview(new HoldQuote(terms, "", usage, Rater.Price(terms, usage, 0, covered), parts, "tier", false, new Spender(default, default, default, null), []), null, (int)output);
    }
}
