using Microsoft.Playwright;
using Portal.Components.Pages.Playground;
using Portal.Tests.Browser.Journeys;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Browser.Playground;

[Collection<PlaygroundPortal>]
public sealed class CompareTests(PortalApp portal) : BrowserTest(portal)
{
    [Fact]
    public async Task One_click_runs_both_and_each_shows_what_it_took_and_cost_of_one_prompt_and_of_two()
    {
        var (visitor, customer) = await Arrive();
        await visitor.Content.Locator(".parameters summary").Nth(1).ClickAsync();
        await visitor.Content.Locator("[name=B-max-tokens]").FillAsync("3");
        await visitor.Content.Locator("[name=B-max-tokens]").PressAsync("Tab");
        await visitor.Content.Locator("#prompt").FillAsync("What is a token?");
        await Assertions.Expect(visitor.Content.Locator(".cost-figure .money")).ToHaveCountAsync(2);

        await visitor.Content.Locator("[data-send]").DblClickAsync();

        await Assertions.Expect(visitor.Content.Locator("details.receipt")).ToHaveCountAsync(2);
        await Assertions.Expect(visitor.Content.Locator(".compared .text").First).ToContainTextAsync("small piece of text");
        await Assertions.Expect(visitor.Content.Locator(".compared .status").Nth(1)).ToContainTextAsync("longest length");
        await Assertions.Expect(visitor.Content.Locator(".compared .figures")).ToHaveCountAsync(2);
        var tokens = (await customer.Usage(App)).Select(u => u.OutputTokens).Order().ToList();
        Assert.Equal(2, tokens.Count);
        Assert.Equal(3, tokens[0]);
        Assert.True(tokens[1] > 3);
        await visitor.Content.Locator(".verdict").GetByRole(AriaRole.Radio).First.CheckAsync();
        await Assertions.Expect(visitor.Content.Locator(".tally")).ToContainTextAsync("A 1, B 0");
        await visitor.AssertPageIsGoodAsync("compare");

        await visitor.Content.Locator("#prompt").FillAsync("What is a token?");
        await visitor.Content.Locator(".check input").CheckAsync();
        await visitor.Content.Locator("[data-send]").ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".side").Nth(1).GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing was charged");
        Assert.Equal(2, (await customer.Usage(App)).Count);
        await visitor.Content.Locator("#prompt-b").FillAsync("How do I top up?");
        await visitor.Content.Locator("#prompt-b").PressAsync("Enter");
        await Assertions.Expect(visitor.Content.Locator("details.receipt")).ToHaveCountAsync(4);
        await Assertions.Expect(visitor.Content.Locator(".compared").Filter(new() { HasText = "How do I top up?" })).ToHaveCountAsync(1);
        await visitor.AssertPageIsGoodAsync("compare-prompts");
    }

    [Fact]
    public async Task Without_money_both_sides_say_so_in_Chinese_and_lead_to_the_top_up()
    {
        var (visitor, customer) = await Arrive(yuan: 0, language: "zh-CN");
        await visitor.Content.Locator("#prompt").FillAsync("什么是 token？");

        await visitor.Content.Locator("[data-send]").ClickAsync();

        await Assertions.Expect(visitor.Content.Locator(".compared .notice a[href='/billing']")).ToHaveCountAsync(2);
        await Assertions.Expect(visitor.Content.Locator(".compared .notice").First).ToContainTextAsync("未产生任何费用");
        Assert.Empty(await customer.Usage(App));
    }

    private async Task<(Visitor Visitor, Customer Customer)> Arrive(decimal yuan = 1, string language = "en")
    {
        var customer = await Customer.Arrive(App, yuan, language);
        var visitor = await ArriveAsAsync(customer.Email, new Look { Language = language });
        await visitor.GoToAsync("/playground");
        await visitor.TryAsync(PlaygroundMode.Compare);
        return (visitor, customer);
    }
}
