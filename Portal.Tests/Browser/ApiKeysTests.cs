using Microsoft.Playwright;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Browser;

public sealed class ApiKeysTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task Keys_are_created_shown_once_and_revoked()
    {
        var customer = await Customer.Arrive(App);
        var visitor = await ArriveAsync();
        await visitor.SignInAsync(customer.Email, customer.Password);
        await visitor.GoToAsync("/api-keys");

        await visitor.Content.Locator(".key button").ClickAsync();
        await visitor.Page.Locator(".rz-dialog .rz-danger").ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".empty")).ToBeVisibleAsync();

        await visitor.Content.Locator(".empty button").ClickAsync();
        await visitor.Page.Locator("#key-name").FillAsync("Website");
        await visitor.Page.Locator(".rz-dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".secret code")).ToContainTextAsync("pk_");
        await visitor.Page.Locator(".rz-dialog .ends button").ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".key h2")).ToHaveTextAsync("Website");
    }
}
