using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser.Billing;

/// <summary>Money goes back: asked for by one of the staff in English, agreed to by another in Chinese, and by a customer alone.</summary>
public sealed class RefundPagesTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_large_refund_is_agreed_to_by_another_person_and_a_small_one_is_the_customers_own()
    {
        var person = await App.AddPersonAsync("payer@refund.example");
        var support = await App.AddPersonAsync("one@refund.example", "en", Roles.Support);
        var other = await App.AddPersonAsync("two@refund.example", "zh-CN", Roles.Support);
        await App.TopUpAsync(person, "800");
        await App.TopUpAsync(person, "20");

        var first = await ArriveAsAsync(support.Email);
        await first.GoToAsync($"/desk/{person.AccountId}");
        await first.ClickAsync("Refund of the payment of ¥800.00");
        await first.FillAsync("Amount in yuan", "600");
        await first.FillAsync("Reason", "Bought twice");
        await Expect(first.Dialog.Locator(".effect")).ToContainTextAsync("¥230.00");
        await first.AssertPageIsGoodAsync("refund-wizard");
        await first.ClickAsync("Ask for approval");
        await first.NotifiedAsync("waits for a second person");
        await first.GoToAsync("/desk");
        await Expect(first.Content.GetByRole(AriaRole.Button, new() { Name = "Approve the refund of ¥600.00" })).ToBeDisabledAsync();

        var second = await ArriveAsAsync(other.Email, new Look("zh-CN"));
        await second.GoToAsync("/desk");
        await second.AssertPageIsGoodAsync("refund-waits");
        await second.Content.GetByRole(AriaRole.Button, new() { Name = "批准 ¥600.00 的退款" }).DblClickAsync();
        await second.NotifiedAsync("已退款 ¥600.00");

        var customer = await ArriveAsAsync(person.Email);
        await customer.GoToAsync("/billing");
        await customer.ClickAsync("Refund the payment of ¥20.00");
        await customer.FillAsync("Why do you want it back?", "Changed my mind");
        await customer.ClickAsync("Refund ¥20.00");
        await customer.NotifiedAsync("on the way to your card");
        await Expect(customer.Content.Locator(".balance .figure-large")).ToHaveTextAsync("¥210.00");
        await customer.GoToAsync("/language/zh-CN?returnUrl=/billing");
        await Expect(customer.Content).ToContainTextAsync("Changed my mind");
        await Books.AssertClean(App.Database.Factory, null, "outbox.unsent");
    }
}
