using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;
using Portal.Usage.Alerts;

namespace Portal.Tests.Browser;

public sealed class AlertsPageTests(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    [Theory, MemberData(nameof(Look.All), MemberType = typeof(Look))]
    public async Task The_alerts_page_is_good_empty_and_with_a_history(Look look)
    {
        var person = await App.AddPersonAsync($"alerts.{look}@example.com", look.Language);
        var visitor = await ArriveAsync(look);
        await visitor.SignInAsync(person.Email, People.Password);
        await visitor.GoToAsync("/alerts");
        await visitor.AssertPageIsGoodAsync("alerts-empty");

        await CrossBothAsync(person);
        await Assertions.Expect(visitor.Content.Locator(".history li")).ToHaveCountAsync(2);
        await visitor.AssertPageIsGoodAsync("alerts");
    }

    [Fact]
    public async Task A_threshold_is_changed_once_and_nonsense_is_explained()
    {
        var person = await App.AddPersonAsync("alerts.change@example.com");
        var visitor = await ArriveAsync();
        await visitor.SignInAsync(person.Email, People.Password);
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

    private async Task CrossBothAsync(TestPerson person)
    {
        var ledger = App.Services.GetRequiredService<LedgerWriter>();
        var now = App.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await Books.TopUp(App.Database.Factory, App.Services.GetRequiredService<TimeProvider>(), person.AccountId, 20m);
        var allowance = new AccountRef(LedgerCodes.Allowance, Unit.Tokens, ExpiresAt: now.AddDays(20));
        Leg[] legs =
        [
            new(new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), new AccountRef(LedgerCodes.RevenuePlan, Unit.Money), 14_500_000_000, "test"),
            new(new AccountRef(LedgerCodes.Issued, Unit.Tokens), allowance, 50_000, "test"),
        ];
        Assert.Null((await ledger.Apply(new Move(person.AccountId, "grant", "test", legs))).Refusal);
        Assert.Null((await ledger.Apply(new Move(person.AccountId, "use", "test", [new(allowance, new AccountRef(LedgerCodes.Used, Unit.Tokens), 46_000, "test")]))).Refusal);
        await App.Services.GetRequiredService<AlertRun>().Look(person.AccountId);
        App.Services.GetRequiredService<WalletEvents>().Publish(person.AccountId);
    }
}
