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
