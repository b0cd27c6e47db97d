using Microsoft.Playwright;
using Portal.Commands;

namespace Portal.Tests.Browser.Looks;

/// <summary>The desk, and what only administrators have.</summary>
internal static class StaffPages
{
    public static async Task SeeAsSupportAsync(Tour tour)
    {
        await tour.SignInAsync("support@demo.example", DemoPeople.Password);
        await tour.SeeAsync("desk", "/desk");
        await tour.SeeDialogAsync("desk-dispute", tour.Content.Locator("[aria-labelledby=disputes-title] button").First);
        await SearchAsync(tour, "x");
        await Assertions.Expect(tour.Content.Locator(".notice")).ToBeVisibleAsync();
        await tour.SeeAsync("desk-refused");
        await SearchAsync(tour, "nobody-has-this");
        await Assertions.Expect(tour.Content.Locator(".notice")).ToHaveCountAsync(0);
        await tour.SeeAsync("desk-nobody");
        await SearchAsync(tour, ".example");
        await Assertions.Expect(tour.Content.Locator(".hits li").First).ToBeVisibleAsync();
        await tour.SeeAsync("desk-found");
        await tour.SeeAsync("desk-pictures", "/desk/pictures");
        await tour.Content.Locator("#trace-file").SetInputFilesAsync(new FilePayload { Name = "notes.png", MimeType = "image/png", Buffer = [1, 2, 3] });
        await Assertions.Expect(tour.Content.Locator(".notice")).ToBeVisibleAsync();
        await tour.SeeAsync("desk-pictures-refused");
        await tour.SeeAsync("desk-ticket", $"/desk/tickets/{tour.Scene.Ticket}");

        await tour.SeeAsync("desk-customer", $"/desk/{tour.Scene.Customer.AccountId}");
        await tour.SeeDialogAsync("desk-lock", tour.Content.Locator(".person button"));
        await tour.OpenAsync("desk-refund", tour.Content.Locator(".payment button").First);
        await tour.Dialog.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(tour.Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await tour.SeeAsync("desk-refund-refused");
        await tour.Visitor.Page.Keyboard.PressAsync("Escape");
        await tour.Visitor.DialogClosedAsync();
        await tour.SeeDialogAsync("desk-refund-plan", tour.Content.Locator(".invoice button").First);
        await SeeToolsAsync(tour);
        await tour.SeeAsync("desk-customer-new", $"/desk/{tour.Scene.Newcomer.AccountId}");
    }

    public static async Task SeeAsAdministratorAsync(Tour tour)
    {
        await tour.SignInAsync("admin@demo.example", DemoPeople.Password);
        await tour.SeeAsync("audit", "/audit");
        await tour.SeeAsync("audit-nothing", "/audit?action=nothing.like-it");
        await tour.SeeAsync("audit-permissions", "/audit/permissions");
        await tour.Visitor.GoToAsync("/jobs");
        await tour.Content.Locator(".job button").First.ClickAsync();
        await Assertions.Expect(tour.Content.Locator(".runs li").First).ToBeVisibleAsync();
        await tour.SeeAsync("jobs");
        await SeeReconciliationAsync(tour);
        await tour.Visitor.GoToAsync("/desk");
        await tour.SeeDialogAsync("desk-reject", tour.Content.Locator("[aria-labelledby=waiting-title] button").First);
        await SeeCatalogueAsync(tour);
        await SeeCouponsAsync(tour);
        await tour.SeeAsync("pools", "/pools");
        await tour.SeeDialogAsync("pools-new", tour.Content.Locator(".page-header button"));
        await SeeModelsAsync(tour);
        await tour.Visitor.GoToAsync($"/desk/{tour.Scene.Customer.AccountId}");
        await tour.SeeDialogAsync("desk-grant", tour.Content.Locator(".desk-grant"));
        await tour.SeeDialogAsync("desk-terms", tour.Content.Locator(".desk-terms"));
    }

    private static async Task SeeReconciliationAsync(Tour tour)
    {
        await tour.Visitor.GoToAsync("/reconciliation");
        await tour.Content.Locator(".page-header button").ClickAsync();
        await Assertions.Expect(tour.Content.Locator(".run").First).ToBeVisibleAsync();
        await tour.SeeAsync("reconciliation");
    }

    private static async Task SeeCatalogueAsync(Tour tour)
    {
        await tour.SeeAsync("catalogue", "/catalogue");
        await tour.SeeDialogAsync("catalogue-new", tour.Content.Locator(".page-header button"));
        await tour.SeeAsync("catalogue-plan", "/catalogue/plans/edu-standard");
        await tour.Content.Locator(".page-header .rz-primary").ClickAsync();
        await Assertions.Expect(tour.Visitor.Page.Locator("#plan-price")).ToBeVisibleAsync();
        await tour.SeeAsync("catalogue-plan-draft");
        await tour.SeeAsync("catalogue-prices", "/catalogue/prices");
        await tour.Content.Locator(".page-header .rz-primary").ClickAsync();
        await Assertions.Expect(tour.Visitor.Page.Locator("#price-tax")).ToBeVisibleAsync();
        await tour.SeeAsync("catalogue-prices-draft");
        await tour.SeeDialogAsync("catalogue-rate", tour.Content.Locator("ul .act button").First);
        await tour.SeeDialogAsync("catalogue-factor", tour.Content.Locator("ol .act button").Nth(2));
        await tour.SeeDialogAsync("catalogue-publish", tour.Content.Locator(".page-header .rz-primary"));
    }

    private static async Task SeeToolsAsync(Tour tour)
    {
        await tour.SeeDialogAsync("desk-visit", tour.Content.Locator(".desk-visit"));
        await tour.SeeDialogAsync("desk-plan-extend", tour.Content.Locator(".plan-care button").First);
        await tour.SeeAsync("desk-timeline", $"/desk/{tour.Scene.Customer.AccountId}/timeline");
        await tour.SeeAsync("desk-letters", $"/desk/letters/{tour.Scene.Customer.Id}");
        await tour.SeeAsync("desk-answers", "/desk/answers");
        await tour.OpenAsync("desk-answer-new", tour.Content.Locator(".page-header button"));
        await tour.Dialog.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(tour.Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await tour.SeeAsync("desk-answer-refused");
    }

    private static async Task SeeCouponsAsync(Tour tour)
    {
        await tour.SeeAsync("coupons", "/coupons");
        await tour.SeeDialogAsync("coupons-end", tour.Content.Locator(".act button").First);
        await tour.OpenAsync("coupons-new", tour.Content.Locator(".page-header button"));
        await tour.Dialog.GetByRole(AriaRole.Radio).Nth(1).CheckAsync();
        await tour.Dialog.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(tour.Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await tour.SeeAsync("coupons-new-refused");
    }

    private static async Task SeeModelsAsync(Tour tour)
    {
        await tour.SeeAsync("models", "/models");
        await tour.SeeDialogAsync("models-unload", tour.Content.Locator(".models .act button").Nth(1));
        await tour.OpenAsync("models-alias", tour.Content.Locator(".head button"));
        await tour.Dialog.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(tour.Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await tour.SeeAsync("models-alias-refused");
    }

    private static async Task SearchAsync(Tour tour, string part)
    {
        await tour.Visitor.Page.Locator("#desk-search").FillAsync(part);
        await tour.Content.Locator("form[role=search] button").ClickAsync();
    }
}
