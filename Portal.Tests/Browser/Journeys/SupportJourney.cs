using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Inference;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Journeys;

/// <summary>The way of support staff: somebody asks for money back, and gets what is left of it.</summary>
public sealed class SupportJourney(PortalApp portal) : BrowserTest(portal), IClassFixture<PortalApp>
{
    private const string Email = "gao@journey.example";

    [Fact]
    public async Task Staff_finds_a_customer_refunds_a_part_and_is_refused_more_than_the_rest()
    {
        await App.Services.GetRequiredService<ModelHost>().Ready;
        await App.TopUpAsync(await App.AddPersonAsync(Email), "100");
        await App.AddPersonAsync("desk@journey.example", "en", Roles.Support);
        var customer = await ArriveAsAsync(Email);
        await customer.GoToAsync("/playground");
        await customer.WritePromptAsync(picture: false, "What is a token?");
        await customer.SendPromptAsync(receipts: 1);

        var staff = await ArriveAsync();
        await staff.SignInAsync("desk@journey.example", People.Password);
        await FindAsync(staff);
        // The prompt cost less than half a fen: what is left is no longer the whole.
        await Assertions.Expect(staff.Content.Locator(".figure-large")).ToHaveTextAsync("¥99.99");
        await Assertions.Expect(staff.Content.Locator(".payment")).ToContainTextAsync("¥100.00");
        await Assertions.Expect(staff.Content.Locator("details.receipt")).ToHaveCountAsync(1);

        await RefundAsync(staff, "99.99", "40.00", "Topped up too much", forgetful: true);
        await staff.NotifiedAsync("¥40.00");
        await staff.DialogClosedAsync();
        await Assertions.Expect(staff.Content.Locator(".payment .refund")).ToHaveCountAsync(1);

        await customer.NavigateAsync("Billing");
        await Assertions.Expect(customer.Content.Locator(".payment .refund")).ToContainTextAsync("¥40.00");
        await Assertions.Expect(customer.Content.Locator(".payment .refund")).ToContainTextAsync("Topped up too much");
        await Assertions.Expect(customer.Content.Locator(".payment .refund")).ToContainTextAsync("Refunded");

        await RefundAsync(staff, "59.99", "60.00", "All of it");
        await Assertions.Expect(staff.Dialog("Refund").GetByRole(AriaRole.Alert)).ToContainTextAsync("59.9");

        await using var db = App.Database.Open();
        var request = await db.UsageRecords.Select(u => u.Id).SingleAsync(TestContext.Current.CancellationToken);
        await staff.GoToAsync($"/desk/requests/{request}");
        await Assertions.Expect(staff.Content).ToContainTextAsync($"{request}");
        await Assertions.Expect(staff.Content.Locator("details.receipt")).ToHaveCountAsync(1);
        await staff.OpenDialogAsync("Give back", "Give this request back");
        await staff.FillAsync("Reason", "The answer was empty");
        await staff.Button("Give back").DblClickAsync();
        await staff.DialogClosedAsync();
        await Assertions.Expect(staff.Content.Locator(".notice")).ToContainTextAsync("The answer was empty");
        Assert.Equal(1, await db.UsageReturns.CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal(40_000_000_000, await db.Refunds.SumAsync(r => r.AmountNanos, TestContext.Current.CancellationToken));
        await Books.AssertClean(App.Database.Factory);
    }

    [Fact]
    public async Task A_customer_who_opens_the_desk_finds_nothing_there()
    {
        var person = await App.AddPersonAsync("curious@journey.example");
        var visitor = await ArriveAsAsync(person.Email);

        await visitor.GoToAsync($"/desk/{person.AccountId}", status: 404);
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("not");
        string[] others =
        [
            "/desk", $"/desk/{person.AccountId}/timeline", $"/desk/letters/{person.Id}", $"/desk/tickets/{Guid.NewGuid()}", $"/desk/requests/{Guid.NewGuid()}", "/desk/answers", "/desk/pictures",
            "/jobs", "/audit", "/audit/export.csv", "/audit/permissions", "/audit/permissions/report.csv?month=2026-01", "/reconciliation", "/coupons", "/pools", "/models",
            "/catalogue", "/catalogue/prices", "/catalogue/plans/image-basic", "/catalogue/drafts/1", "/catalogue/export",
        ];
        foreach (var path in others) Assert.Equal((path, 404), (path, (await visitor.Page.APIRequest.GetAsync(path)).Status));
    }

    private static async Task FindAsync(Visitor staff)
    {
        await staff.NavigateAsync("Support desk");
        await staff.FillAsync("E-mail, number or id", "ga");
        await staff.ClickAsync("Search");
        await Assertions.Expect(staff.Content).ToContainTextAsync("Enter at least 3 characters");
        await staff.FillAsync("E-mail, number or id", "GAO@jour");
        await staff.ClickAsync("Search");
        await staff.Content.Locator(".hits li").Filter(new() { HasText = Email }).GetByRole(AriaRole.Link).ClickAsync();
        await staff.ReadyAsync();
        await Assertions.Expect(staff.Content.Locator(".payment")).ToHaveCountAsync(1);
    }

    private static async Task RefundAsync(Visitor staff, string all, string yuan, string reason, bool forgetful = false)
    {
        await staff.OpenDialogAsync("Refund of the payment of ¥100.00", "Refund");
        await Assertions.Expect(staff.Field("Amount in yuan")).ToHaveValueAsync(all);
        await staff.FillAsync("Amount in yuan", yuan);
        if (forgetful)
        {
            await staff.ClickAsync("Refund");
            await Assertions.Expect(staff.Scope().GetByRole(AriaRole.Alert)).ToContainTextAsync("reason");
        }

        await staff.FillAsync("Reason", reason);
        await staff.Button("Refund").DblClickAsync();
    }
}
