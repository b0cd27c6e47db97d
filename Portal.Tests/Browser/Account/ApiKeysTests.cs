using Microsoft.Playwright;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Browser.Account;

public sealed class ApiKeysTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task Keys_are_created_shown_once_and_revoked()
    {
        var customer = await Customer.Arrive(App);
        var visitor = await ArriveAsAsync(customer.Email);
        await visitor.GoToAsync("/api-keys");

        await visitor.Content.Locator(".key-revoke").ClickAsync();
        await visitor.Page.Locator(".rz-dialog .rz-danger").ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".empty")).ToBeVisibleAsync();

        await visitor.Content.Locator(".empty button").ClickAsync();
        await visitor.Page.Locator("#key-name").FillAsync("Website");
        await visitor.Page.Locator(".rz-dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".secret code")).ToContainTextAsync("pk_");
        await visitor.Page.Locator(".rz-dialog .dialog-actions button").ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".key h2")).ToHaveTextAsync("Website");
    }

    [Fact]
    public async Task A_budget_of_a_key_is_set_shown_with_its_use_corrected_and_removed()
    {
        var customer = await Customer.Arrive(App);
        var visitor = await ArriveAsAsync(customer.Email);
        await visitor.GoToAsync("/api-keys");
        var key = visitor.Content.Locator(".key");

        await key.Locator(".budget-add").ClickAsync();
        await visitor.Page.Locator("#budget-limit").FillAsync("-1");
        await visitor.Page.Locator(".rz-dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".rz-dialog [role=alert]")).ToContainTextAsync("Nothing was changed");
        await visitor.Page.Locator("#budget-limit").FillAsync("12.50");
        await visitor.Page.Locator(".rz-dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(key.Locator(".budget")).ToContainTextAsync("¥0.00 of ¥12.50 used");
        await visitor.DialogClosedAsync();

        await key.Locator(".budget-change").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#budget-limit")).ToHaveValueAsync("12.5");
        await visitor.Page.Locator(".budget-remove").ClickAsync();
        await Assertions.Expect(key.Locator(".budget")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_project_is_created_chosen_for_a_key_renamed_and_archived()
    {
        var customer = await Customer.Arrive(App);
        var visitor = await ArriveAsAsync(customer.Email);
        await visitor.GoToAsync("/api-keys");

        await visitor.Content.Locator(".project-create").ClickAsync();
        await visitor.Page.Locator("#project-name").FillAsync("Shop");
        await visitor.Page.Locator(".rz-dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".project h3")).ToHaveTextAsync(["Default", "Shop"]);
        await visitor.DialogClosedAsync();

        await visitor.Content.Locator(".page-header button").ClickAsync();
        await visitor.Page.Locator("#key-name").FillAsync("Website");
        await visitor.Page.Locator("#key-project").SelectOptionAsync(new SelectOptionValue { Label = "Shop" });
        await visitor.Page.Locator(".rz-dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".secret code")).ToContainTextAsync("pk_");
        await visitor.Page.Locator(".rz-dialog .dialog-actions button").ClickAsync();
        await Assertions.Expect(visitor.Content.Locator(".key").Filter(new() { HasText = "Website" })).ToContainTextAsync("Shop");
        await visitor.DialogClosedAsync();

        var shop = visitor.Content.Locator(".project").Nth(1);
        await shop.GetByLabel("Archive the project Shop").ClickAsync();
        await visitor.Page.Locator(".rz-dialog .rz-danger").ClickAsync();
        await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Alert)).ToContainTextAsync("1 API keys in use");
        await visitor.DialogClosedAsync();
        await visitor.Content.GetByLabel("Archive the project Default").ClickAsync();
        await visitor.Page.Locator(".rz-dialog .rz-danger").ClickAsync();
        await Assertions.Expect(visitor.Content.GetByRole(AriaRole.Alert)).ToContainTextAsync("1 API keys in use");
        await visitor.DialogClosedAsync();
        await shop.GetByLabel("Edit the project Shop").ClickAsync();
        await visitor.Page.Locator("#project-name").FillAsync("Web shop");
        await visitor.Page.Locator(".rz-dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(shop.Locator("h3")).ToHaveTextAsync("Web shop");
    }
}
