using Bunit;
using Portal.Catalog;
using Portal.Components.Pages.Plans.Offers;
using Portal.Data.Catalog;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Pages.Plans.Offers;

public sealed class PayPerUseTests : ComponentTest
{
    [Fact]
    public void Tokens_that_cost_alike_have_one_table()
    {
        var view = Show(0.006m, 0.006m);

        Assert.Equal("Per 1,000 tokens", Assert.Single(view.FindAll("table th.number")).TextContent);
    }

    [Fact]
    public void B23_a_price_of_its_own_for_what_is_asked_is_shown_beside_that_of_the_answer()
    {
        var view = Show(0.002m, 0.006m);

        Assert.Equal(["Per 1,000 input tokens", "Per 1,000 output tokens"], view.FindAll("table th.number").Select(h => h.TextContent));
        Assert.Equal(["¥0.002", "¥0.006"], view.FindAll("table td.number").Select(c => c.TextContent.Trim()));
    }

    private IRenderedComponent<PayPerUse> Show(decimal input, decimal output) => Render<PayPerUse>(parameters => parameters.Add(p => p.Prices, PriceList.Of(new RateCard
    {
        Rates =
        [
            new Rate { Model = "*", Meter = Meters.InputTokens, PerUnit = input / 1000 }, new Rate { Model = "*", Meter = Meters.OutputTokens, PerUnit = output / 1000 },
        ],
    })));
}
