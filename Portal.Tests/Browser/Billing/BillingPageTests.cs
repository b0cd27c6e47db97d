using Microsoft.Playwright;
using Portal.Tests.Browser.Journeys;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Billing;

/// <summary>The billing page and the hosted payment page, as a person works them.</summary>
public sealed class BillingPageTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task The_balance_changes_in_every_open_window_without_a_reload()
    {
        var person = await App.AddPersonAsync("two.windows@example.com");
        var visitor = await ArriveAsAsync(person.Email);
        await visitor.GoToAsync("/billing");
        var watching = await visitor.Page.Context.NewPageAsync();
        await watching.GotoAsync("/billing");
        var balance = watching.Locator(".balance .figure-large");
        await Assertions.Expect(balance).ToHaveTextAsync("¥0.00");

        await visitor.TopUpAsync("100");

        await Assertions.Expect(balance).ToHaveTextAsync("¥100.00");
        await Assertions.Expect(watching.Locator(".payment")).ToHaveCountAsync(1);
    }

    /// <summary>In English it is the customer's journey.</summary>
    [Fact]
    public async Task In_Chinese_too_a_person_tops_up_after_a_decline_and_sees_the_balance()
    {
        var person = await App.AddPersonAsync("declined@example.com", "zh-CN");
        var visitor = await ArriveAsAsync(person.Email, new Look("zh-CN"));
        await visitor.GoToAsync("/billing");
        await visitor.OpenDialogAsync("充值", "充值");
        await visitor.FillAsync("金额（元）", "0");
        await visitor.ClickAsync("前往支付");
        await Assertions.Expect(visitor.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("大于零");
        await visitor.FillAsync("金额（元）", "99.50");
        await visitor.ClickAsync("前往支付");

        await visitor.Page.WaitForURLAsync("**/sandbox/checkout/**");
        await visitor.PayAsync("4000000000009995");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("余额不足");
        await visitor.PayAsync(Steps.GoodCard);

        await visitor.Page.WaitForURLAsync("**/billing?payment=*");
        await Assertions.Expect(visitor.Content.Locator(".balance .figure-large")).ToHaveTextAsync("¥99.50");
    }

    [Fact]
    public async Task A_person_who_leaves_the_payment_page_can_go_on_later()
    {
        var person = await App.AddPersonAsync("leaves@example.com");
        var visitor = await ArriveAsAsync(person.Email);
        await visitor.GoToAsync("/billing?topup=true");
        await visitor.ClickAsync("Continue to payment");
        await visitor.Page.WaitForURLAsync("**/sandbox/checkout/**");

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Back without paying" }).ClickAsync();
        await visitor.Page.WaitForURLAsync("**/billing?left=*");
        await Assertions.Expect(visitor.Content).ToContainTextAsync("You left the payment page");
        await visitor.Content.GetByRole(AriaRole.Link, new() { Name = "Continue to pay ¥100.00" }).First.ClickAsync();
        await visitor.Page.WaitForURLAsync("**/sandbox/checkout/**");
        await visitor.PayAsync("4000000000003220");
        await visitor.AssertPageIsGoodAsync("checkout-confirm");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, confirm" }).ClickAsync();

        await Assertions.Expect(visitor.Content.Locator(".balance .figure-large")).ToHaveTextAsync("¥100.00");
    }
}
