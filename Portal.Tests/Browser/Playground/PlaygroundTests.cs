using Microsoft.Playwright;
using Portal.Data;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Browser.Playground;

[Collection<PlaygroundPortal>]
public sealed class PlaygroundTests(PortalApp portal) : BrowserTest(portal)
{
    [Fact]
    public async Task A_prompt_is_sent_with_the_keyboard_and_its_price_is_the_balances_difference()
    {
        var (visitor, customer) = await Arrive(new Look());
        await visitor.Content.Locator("#prompt").FillAsync("What is a token?");
        await Assertions.Expect(visitor.Content.Locator(".cost-figure .money")).ToBeVisibleAsync();

        await visitor.Content.Locator("#prompt").PressAsync("Enter");

        await Assertions.Expect(visitor.Content.Locator(".answer .text")).ToContainTextAsync("small piece of text");
        await visitor.Content.Locator("details.receipt summary").ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".total .money")).ToBeVisibleAsync();
        var usage = Assert.Single(await customer.Usage(App));
        Assert.Equal($"¥{new Money(usage.ChargedNanos).Amount:0.00#######}", await visitor.Content.Locator(".total .money").InnerTextAsync());
        Assert.Equal(1_000_000_000 - usage.ChargedNanos, (await customer.Wallet(App)).Spendable.Nanos);
    }

    [Fact]
    public async Task Sending_nothing_says_what_to_do_and_leads_to_the_field()
    {
        var (visitor, customer) = await Arrive(new Look());

        await visitor.Content.Locator("[data-send]").ClickAsync();

        await Assertions.Expect(visitor.Content.Locator(".cost [role=alert]")).ToContainTextAsync("The prompt is empty. Nothing was charged. Write what you would like");
        await Assertions.Expect(visitor.Content.Locator("#prompt")).ToBeFocusedAsync();
        await visitor.AssertPageIsGoodAsync("playground-nothing");
        await visitor.Page.Keyboard.TypeAsync("What is a token?");
        await Assertions.Expect(visitor.Content.Locator(".cost-figure .money")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Content.Locator("[role=alert]")).ToHaveCountAsync(0);
        Assert.Empty(await customer.Usage(App));
    }

    [Fact]
    public async Task A_prompt_that_is_too_long_is_refused_with_both_figures_and_stays_in_its_box()
    {
        var (visitor, customer) = await Arrive(new Look());
        var prompt = new string('x', 100_000);
        await visitor.Content.Locator("#prompt").FillAsync(prompt);

        await Assertions.Expect(visitor.Content.Locator(".notice")).ToContainTextAsync("100,000");
        await visitor.Content.Locator("[data-send]").ClickAsync();

        await Assertions.Expect(visitor.Content.Locator(".notice")).ToContainTextAsync("20,000");
        Assert.Equal(prompt.Length, (await visitor.Content.Locator("#prompt").InputValueAsync()).Length);
        Assert.Empty(await customer.Usage(App));
    }

    [Fact]
    public async Task Without_money_the_refusal_leads_to_the_top_up_and_the_prompt_stays()
    {
        var (visitor, customer) = await Arrive(new Look(), yuan: 0);
        await visitor.Content.Locator("#prompt").FillAsync("What is a token?");

        await visitor.Content.Locator("#prompt").PressAsync("Control+Enter");

        await Assertions.Expect(visitor.Content.Locator(".notice a").First).ToHaveAttributeAsync("href", "/billing");
        Assert.Equal("What is a token?", await visitor.Content.Locator("#prompt").InputValueAsync());
        Assert.Empty(await customer.Usage(App));
    }

    [Fact]
    public async Task A_reached_spending_limit_of_the_account_is_named_and_the_way_to_raise_it_leads_to_it()
    {
        var (visitor, customer) = await Arrive(new Look());
        await visitor.GoToAsync("/billing");
        await visitor.Content.Locator(".budget-add").ClickAsync();
        await visitor.Page.Locator("#budget-limit").FillAsync("0");
        await visitor.Page.Locator(".rz-dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".budget")).ToContainTextAsync("¥0.00 of ¥0.00 used");
        await visitor.GoToAsync("/playground");
        await visitor.Content.Locator("#prompt").FillAsync("What is a token?");

        await visitor.Content.Locator("#prompt").PressAsync("Control+Enter");

        await Assertions.Expect(visitor.Content.Locator(".cost [role=alert]")).ToContainTextAsync("the whole account's budget. Nothing was charged. It starts again at");
        await Assertions.Expect(visitor.Content.Locator(".notice a").First).ToHaveAttributeAsync("href", "/billing");
        Assert.Empty(await customer.Usage(App));
    }

    [Fact]
    public async Task A_double_click_on_send_is_one_prompt()
    {
        var (visitor, customer) = await Arrive(new Look());
        await visitor.Content.Locator("#prompt").FillAsync("What is a token?");

        await visitor.Content.Locator("[data-send]").DblClickAsync();

        await Assertions.Expect(visitor.Content.Locator("details.receipt")).ToHaveCountAsync(1);
        Assert.Single(await customer.Usage(App));
    }

    [Fact]
    public async Task What_was_written_survives_a_reload()
    {
        var (visitor, _) = await Arrive(new Look());
        await visitor.Content.Locator("#prompt").FillAsync("half a thought");
        await Assertions.Expect(visitor.Content.Locator(".cost-figure")).ToBeVisibleAsync();

        await visitor.Page.ReloadAsync();
        await visitor.ReadyAsync();

        await Assertions.Expect(visitor.Content.Locator("#prompt")).ToHaveValueAsync("half a thought");
    }

    private async Task<(Visitor Visitor, Customer Customer)> Arrive(Look look, decimal yuan = 1)
    {
        var customer = await Customer.Arrive(App, yuan, look.Language);
        var visitor = await ArriveAsAsync(customer.Email, look);
        await visitor.GoToAsync("/playground");
        return (visitor, customer);
    }
}
