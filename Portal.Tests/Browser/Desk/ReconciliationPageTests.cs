using Portal.Accounts;
using Portal.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser.Desk;

public sealed class ReconciliationPageTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task An_administrator_compares_with_the_gateway()
    {
        var person = await App.AddPersonAsync("reconcile@example.com", "zh-CN", Roles.Administrator);
        var visitor = await ArriveAsAsync(person.Email, new Look("zh-CN"));
        await visitor.GoToAsync("/reconciliation");

        await visitor.ClickAsync("立即核对");

        await Expect(visitor.Content.Locator(".notice")).ToContainTextAsync("没有差异");
    }
}
