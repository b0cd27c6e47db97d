using Portal.Accounts;
using Portal.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser.Desk;

public sealed class ReconciliationPageTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("en", "Compare now", "No difference")]
    [InlineData("zh-CN", "立即核对", "没有差异")]
    public async Task An_administrator_compares_with_the_gateway(string language, string compare, string clean)
    {
        var person = await App.AddPersonAsync($"reconcile.{language}@example.com", language, Roles.Administrator);
        var visitor = await ArriveAsAsync(person.Email, new Look(language));
        await visitor.GoToAsync("/reconciliation");

        await visitor.ClickAsync(compare);

        await Expect(visitor.Content.Locator(".notice")).ToContainTextAsync(clean);
    }
}
