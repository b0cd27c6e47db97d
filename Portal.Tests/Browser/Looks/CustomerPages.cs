using System.Text;
using Microsoft.Playwright;
using Portal.Components.Pages.Playground;
using Portal.Tests.Browser.Journeys;
using Portal.Tests.Prompts.Batches;

namespace Portal.Tests.Browser.Looks;

/// <summary>The pages of people who pay for themselves: before they did anything, and with everything in use.</summary>
internal static class CustomerPages
{
    public static async Task SeeEmptyAsync(Tour tour)
    {
        await tour.SignInAsync(tour.Scene.Newcomer.Email);
        await tour.SeeAsync("overview-new");
        await tour.SeeAsync("plans-new", "/plans");
        await tour.SeeDialogAsync("plans-short", tour.Content.Locator("article button").First);
        await tour.SeeAsync("compare-costs-empty", "/plans/compare-costs");
        await tour.SeeAsync("billing-empty", "/billing");
        await tour.SeeAsync("cards-empty", "/billing/cards");
        foreach (var page in (string[])["usage", "playground", "api-keys", "alerts", "invoices", "support", "batches", "api-docs"]) await tour.SeeAsync($"{page}-empty", $"/{page}");
        await tour.SeeAsync("members-personal", "/members");
        await tour.SeeDialogAsync("members-create", tour.Content.Locator(".empty button"));
        await tour.SeeAsync("manage", "/account/manage");
        await tour.SeeAsync("address", "/account/address");
        if (tour.Visitor.Look.Width == Look.Phone)
        {
            await tour.Visitor.GoToAsync("/usage");
            await tour.Visitor.Page.Locator("[data-open-dialog]").ClickAsync();
            await tour.SeeAsync("drawer");
        }
    }

    public static async Task SeeAsync(Tour tour)
    {
        await tour.SignInAsync(tour.Scene.Customer.Email);
        await tour.SeeAsync("overview");
        await SeePlansAsync(tour);
        await SeePaymentAsync(tour);
        await SeePlaygroundAsync(tour);
        await tour.SeeAsync("compare-costs", "/plans/compare-costs");
        await tour.SeeAsync("points", "/points");
        await tour.SeeAsync("plans-shared", "/plans/shared");
        await tour.SeeAsync("usage", "/usage");
        await tour.SeeDialogAsync("usage-receipt", tour.Content.Locator(".requests tbody button").First);
        await SeeKeysAsync(tour);
        await SeeBatchesAsync(tour);
        await tour.SeeAsync("alerts", "/alerts");
        await tour.SeeAsync("invoices", "/invoices");
        await tour.SeeDialogAsync("invoices-details", tour.Content.Locator(".page-header button"));
        await tour.Content.Locator("tbody a").First.ClickAsync();
        await Assertions.Expect(tour.Content.Locator("article.document")).ToBeVisibleAsync();
        await tour.SeeAsync("invoice");
        await tour.SeeAsync("support", "/support");
        await tour.SeeAsync("support-ticket", $"/support/{tour.Scene.Ticket}");
    }

    private static async Task SeePlansAsync(Tour tour)
    {
        await tour.SeeAsync("plans", "/plans");
        await tour.SeeDialogAsync("plans-later", tour.Content.Locator("article button").First);
        await tour.SeeDialogAsync("plans-upgrade", tour.Content.Locator("article button").Nth(1));
        await tour.SeeDialogAsync("plans-cancel", tour.Content.Locator(".current button").Last);
    }

    private static async Task SeePaymentAsync(Tour tour)
    {
        var page = tour.Visitor.Page;
        await tour.SeeAsync("billing", "/billing");
        await page.Locator("#coupon-code").FillAsync("no such code");
        await page.Locator(".redeem button").ClickAsync();
        await Assertions.Expect(tour.Content.Locator(".notice.bad")).ToBeVisibleAsync();
        await tour.SeeAsync("billing-code-refused");
        await tour.OpenAsync("top-up", tour.Content.Locator(".page-header button"));
        await page.Locator("#topup-amount").FillAsync("NaN");
        await page.Locator(".topup button[type=submit]").ClickAsync();
        await Assertions.Expect(tour.Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await tour.SeeAsync("top-up-refused");
        await page.Locator("#topup-amount").FillAsync("88");
        await page.Locator(".topup button[type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/sandbox/checkout/**");
        await tour.SeeAsync("checkout");
        await page.Locator("summary").ClickAsync();
        await page.Locator("#number").FillAsync(Steps.DeclinedCard);
        await page.Locator("#expiry").FillAsync("12/34");
        await page.Locator("#cvc").FillAsync("123");
        await page.Locator("form button[type=submit]").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await tour.SeeAsync("checkout-declined");
        await page.Locator("section a").First.ClickAsync();
        await page.WaitForURLAsync("**/billing?left=*");
        await Assertions.Expect(tour.Content.Locator(".notice.info")).ToBeVisibleAsync();
        await tour.SeeAsync("billing-left");
        await tour.SeeAsync("cards", "/billing/cards");
        await tour.SeeDialogAsync("cards-remove", tour.Content.Locator(".card-remove").First);
    }

    private static async Task SeePlaygroundAsync(Tour tour)
    {
        await tour.Visitor.GoToAsync("/playground");
        await tour.Content.Locator(".empty button").First.ClickAsync();
        await Assertions.Expect(tour.Content.Locator(".cost-paid")).ToBeVisibleAsync();
        await tour.SeeAsync("playground-priced");
        await tour.Content.Locator("[data-send]").ClickAsync();
        await Assertions.Expect(tour.Content.Locator("details.receipt")).ToHaveCountAsync(1);
        await tour.Content.Locator("details.receipt summary").ClickAsync();
        await tour.SeeAsync("playground-text");
        await tour.Content.Locator(".parameters summary").ClickAsync();
        await tour.SeeAsync("playground-parameters");
        await tour.SeeDialogAsync("playground-code", tour.Content.Locator("[data-code]"));
        await tour.SeeDialogAsync("playground-rename", tour.Content.Locator(".chats li button").First);
        await tour.SeeDialogAsync("playground-delete", tour.Content.Locator(".chats li button").Nth(1));
        await tour.Visitor.TryAsync(PlaygroundMode.Compare);
        await tour.Content.Locator("#prompt").FillAsync("What is a token?");
        await Assertions.Expect(tour.Content.Locator(".cost-paid")).ToHaveCountAsync(2);
        await tour.Content.Locator("[data-send]").ClickAsync();
        await Assertions.Expect(tour.Content.Locator("details.receipt")).ToHaveCountAsync(2);
        await tour.SeeAsync("playground-compare");
        await tour.Visitor.TryAsync(PlaygroundMode.Images);
        await tour.SeeAsync("playground-images");
        await tour.Content.Locator("#prompt").FillAsync("a red circle on a blue background");
        await tour.Content.Locator("#count").SelectOptionAsync("2");
        await tour.Content.Locator("[data-send]").ClickAsync();
        await Assertions.Expect(tour.Content.Locator("img.picture")).ToHaveCountAsync(2);
        await Assertions.Expect(tour.Content.Locator("details.receipt")).ToHaveCountAsync(1);
        await tour.SeeAsync("playground");
        await tour.SeeAsync("playground-missing", $"/playground/chats/{Guid.Empty}");
    }

    private static async Task SeeBatchesAsync(Tour tour)
    {
        await tour.Visitor.GoToAsync("/batches");
        var file = tour.Visitor.Page.Locator("#batch-file");
        await file.SetInputFilesAsync(new FilePayload { Name = "night.jsonl", MimeType = "application/jsonl", Buffer = Encoding.UTF8.GetBytes(BatchScene.Line("a", "What is a token?")) });
        await Assertions.Expect(tour.Content.Locator(".batches .badge.good").First).ToBeVisibleAsync();
        await file.SetInputFilesAsync(new FilePayload { Name = "broken.jsonl", MimeType = "application/jsonl", Buffer = Encoding.UTF8.GetBytes("no JSON") });
        await Assertions.Expect(tour.Content.Locator(".problems").First).ToBeVisibleAsync();
        await tour.SeeAsync("batches");
    }

    private static async Task SeeKeysAsync(Tour tour)
    {
        await tour.SeeAsync("api-docs", "/api-docs");
        await tour.SeeAsync("api-keys", "/api-keys");
        await tour.SeeDialogAsync("api-keys-revoke", tour.Content.Locator(".key-revoke").First);
        await tour.SeeDialogAsync("api-keys-rotate", tour.Content.Locator(".key-rotate").First);
        await tour.SeeDialogAsync("api-keys-budget", tour.Content.Locator(".key .budget-change").First);
        await tour.SeeDialogAsync("api-keys-budget-new", tour.Content.Locator(".key .budget-add").First);
        await tour.SeeDialogAsync("api-keys-project", tour.Content.Locator(".project-create"));
        await tour.OpenAsync("api-keys-name", tour.Content.Locator(".page-header button"));
        await tour.Dialog.Locator("summary").ClickAsync();
        await tour.SeeAsync("api-keys-limits");
        await tour.Visitor.Page.Locator("#key-name").FillAsync("Website");
        await tour.Dialog.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(tour.Dialog.Locator(".secret code")).ToContainTextAsync("pk_");
        await tour.SeeAsync("api-keys-created");
    }
}
