using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Tests.Fixtures;
using Portal.Tests.Usage;

namespace Portal.Tests.Browser.Account;

public sealed class UsagePageTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_prompt_that_is_settled_elsewhere_appears_without_a_reload()
    {
        var person = await App.AddPersonAsync("usage.live@example.com");
        await UsageScene.WriteMonthAsync(App, person);
        var visitor = await ArriveAsAsync(person.Email);
        await visitor.GoToAsync("/usage");
        var tile = visitor.Content.Locator(".tile").Filter(new() { HasText = "Requests" });
        await Assertions.Expect(tile).ToContainTextAsync("41");

        await UsageScene.WriteOneAsync(App, person);
        App.Services.GetRequiredService<WalletEvents>().Publish(person.AccountId);

        await Assertions.Expect(tile).ToContainTextAsync("42");
        await Assertions.Expect(visitor.Content.GetByText("4,242 tokens")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_export_is_the_filtered_list_and_only_for_who_is_signed_in()
    {
        var person = await App.AddPersonAsync("usage.export@example.com");
        await UsageScene.WriteMonthAsync(App, person);
        var visitor = await ArriveAsAsync(person.Email);
        await visitor.GoToAsync("/usage");
        await visitor.Content.GetByRole(AriaRole.Combobox, new() { Name = "Model" }).SelectOptionAsync("shapes");
        await Assertions.Expect(visitor.Content.Locator(".tile").Filter(new() { HasText = "Requests" })).ToContainTextAsync("10");

        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Content.GetByRole(AriaRole.Link, new() { Name = "Export CSV" }).ClickAsync());

        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(11, lines.Length);
        Assert.All(lines.Skip(1), line => Assert.Contains(",shapes,", line, StringComparison.Ordinal));

        using var stranger = App.NewClient();
        var refused = await stranger.GetAsync(new Uri("/usage/export.csv", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.StartsWith("/account/login", refused.Headers.Location?.PathAndQuery, StringComparison.Ordinal);
    }
}
