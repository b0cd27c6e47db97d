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
        await App.AddPersonAsync(Email);
        await App.AddPersonAsync("desk@journey.example", "en", Roles.Support);
        var customer = await ArriveAsync();
        await customer.SignInAsync(Email, People.Password);
        await customer.TopUpAsync("100");
        await customer.NavigateAsync("Playground");
        await customer.WritePromptAsync(picture: false, "What is a token?");
        await customer.SendPromptAsync(receipts: 1);

        var staff = await ArriveAsync();
        await staff.SignInAsync("desk@journey.example", People.Password);
        await FindAsync(staff);
        // The prompt cost less than half a fen: what is left is no longer the whole.
        await Assertions.Expect(staff.Content.Locator(".figure-large")).ToHaveTextAsync("¥99.99");
        await Assertions.Expect(staff.Content.Locator(".payment")).ToContainTextAsync("¥100.00");
        await Assertions.Expect(staff.Content.Locator("details.receipt")).ToHaveCountAsync(1);
        await staff.KeepScreenshotAsync("journey-support-customer");

        await RefundAsync(staff, "40.00", "Topped up too much");
        await staff.NotifiedAsync("¥40.00");
        await staff.DialogClosedAsync();
        await Assertions.Expect(staff.Content.Locator(".payment .refund")).ToHaveCountAsync(1);

        await customer.NavigateAsync("Billing");
        await Assertions.Expect(customer.Content.Locator(".payment .refund")).ToContainTextAsync("¥40.00");
        await Assertions.Expect(customer.Content.Locator(".payment .refund")).ToContainTextAsync("Topped up too much");
        await Assertions.Expect(customer.Content.Locator(".payment .refund")).ToContainTextAsync("Refunded");
        await customer.KeepScreenshotAsync("journey-support-history");

        await RefundAsync(staff, "60.00", "All of it");
        await Assertions.Expect(staff.Dialog("Refund").GetByRole(AriaRole.Alert)).ToContainTextAsync("59.9");
        await staff.KeepScreenshotAsync("journey-support-refused");

        await using var db = App.Database.Open();
        Assert.Equal(40_000_000_000, await db.Refunds.SumAsync(r => r.AmountNanos, TestContext.Current.CancellationToken));
        await Books.AssertClean(App.Database.Factory);
    }

    [Fact]
    public async Task A_customer_who_opens_the_desk_finds_nothing_there()
    {
        var person = await App.AddPersonAsync("curious@journey.example");
        var visitor = await ArriveAsync();
        await visitor.SignInAsync(person.Email, People.Password);

        foreach (var path in (string[])["/desk", $"/desk/{person.AccountId}", "/jobs"]) await visitor.GoToAsync(path, status: 404);

        await visitor.KeepScreenshotAsync("journey-support-not-found");
    }

    private static async Task FindAsync(Visitor staff)
    {
        await staff.NavigateAsync("Support desk");
        await staff.FillAsync("E-mail, number or id", "gao@jour");
        await staff.ClickAsync("Search");
        await staff.Content.Locator(".hits li").Filter(new() { HasText = Email }).GetByRole(AriaRole.Link).ClickAsync();
        await staff.ReadyAsync();
        await Assertions.Expect(staff.Content.Locator(".payment")).ToHaveCountAsync(1);
    }

    private static async Task RefundAsync(Visitor staff, string yuan, string reason)
    {
        await staff.OpenDialogAsync("Refund of the payment of ¥100.00", "Refund");
        await staff.FillAsync("Amount in yuan", yuan);
        await staff.FillAsync("Reason", reason);
        await staff.Button("Refund").DblClickAsync();
    }
}
