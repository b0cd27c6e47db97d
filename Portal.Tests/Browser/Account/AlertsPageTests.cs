using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Account;

public sealed class AlertsPageTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_threshold_is_changed_once_and_nonsense_is_explained()
    {
        var person = await App.AddPersonAsync("alerts.change@example.com");
        var visitor = await ArriveAsAsync(person.Email);
        await visitor.GoToAsync("/alerts");
        var card = visitor.Content.GetByRole(AriaRole.Region, new() { Name = "Low balance" });
        var threshold = card.GetByLabel("Tell me below this many yuan");

        await threshold.FillAsync("-5");
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(card.GetByRole(AriaRole.Alert)).ToContainTextAsync("from 0.01 to 1000000");

        await threshold.FillAsync("25.50");
        await card.GetByLabel("Send a mail").UncheckAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(card.Locator(".badge")).ToContainTextAsync("Off");

        await visitor.GoToAsync("/alerts");
        await Assertions.Expect(visitor.Content.GetByLabel("Tell me below this many yuan")).ToHaveValueAsync("25.5");
        await using var db = App.Database.Open();
        var rule = await db.AlertRules.SingleAsync(r => r.AccountId == person.AccountId && r.Kind == Portal.Data.Usage.AlertKind.LowBalance, TestContext.Current.CancellationToken);
        Assert.Equal((25.5m, false), (rule.Threshold, rule.Enabled));
    }
}
