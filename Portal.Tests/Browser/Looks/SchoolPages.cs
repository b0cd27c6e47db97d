using Microsoft.Playwright;
using Portal.Commands;
using Portal.Tests.Browser.Journeys;

namespace Portal.Tests.Browser.Looks;

/// <summary>The pages of an organisation: of who runs it, and of who only has a seat in it.</summary>
internal static class SchoolPages
{
    public static async Task SeeAsOwnerAsync(Tour tour)
    {
        await tour.SignInAsync("owner@school.example", DemoPeople.Password);
        await tour.SeeAsync("school-overview");
        foreach (var page in (string[])["plans", "billing", "usage", "api-keys"]) await tour.SeeAsync($"school-{page}", $"/{page}");
        await SeeExtrasAsync(tour);
        await SeeMembersAsync(tour);
    }

    public static async Task SeeAsStudentAsync(Tour tour)
    {
        await tour.SignInAsync("student@school.example", DemoPeople.Password);
        await tour.SeeAsync("student-overview");
        foreach (var page in (string[])["members", "usage", "api-keys", "support", "plans", "billing", "invoices", "alerts"]) await tour.SeeAsync($"student-{page}", $"/{page}");
        await tour.SeeAsync("student-cards", "/billing/cards");
        await tour.Visitor.GoToAsync("/playground");
        await tour.Visitor.WritePromptAsync(picture: true, "a yellow star");
        await tour.SeeAsync("student-playground");
    }

    private static async Task SeeExtrasAsync(Tour tour)
    {
        await tour.Visitor.GoToAsync("/plans");
        await tour.OpenAsync("plans-extend", tour.Content.Locator("article.is-current button"));
        await tour.Visitor.Page.Locator("#extra-tokens").FillAsync("200000");
        await tour.Visitor.Page.Locator("#extra-concurrent").FillAsync("2");
        await Assertions.Expect(tour.Dialog.Locator(".total")).ToBeVisibleAsync();
        await tour.SeeAsync("plans-extended");
        await tour.Visitor.Page.Locator("#extra-tokens").FillAsync("-5");
        await Assertions.Expect(tour.Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await tour.SeeAsync("plans-extend-refused");
    }

    private static async Task SeeMembersAsync(Tour tour)
    {
        await tour.Visitor.GoToAsync("/members");
        await Assertions.Expect(tour.Content.Locator("tbody tr").First).ToBeVisibleAsync();
        await tour.SeeAsync("members");
        await tour.SeeDialogAsync("members-invite", tour.Content.Locator(".page-header button"));
        var student = tour.Content.Locator("tbody tr").Filter(new() { HasText = "Demo student" });
        await tour.SeeDialogAsync("members-allocate", student.Locator(".rz-splitbutton > button").First);
        foreach (var (at, name) in ((string[])["take-back", "history", "budget", "role", "remove"]).Index())
        {
            await student.Locator(".rz-splitbutton > button").Nth(1).ClickAsync();
            await tour.SeeDialogAsync($"members-{name}", tour.Visitor.Page.GetByRole(AriaRole.Menuitem).Filter(new() { Visible = true }).Nth(at));
        }
    }
}
