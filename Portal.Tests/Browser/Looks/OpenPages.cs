using Microsoft.Playwright;
using Portal.Tests.Browser.Journeys;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Looks;

/// <summary>What is there without signing in.</summary>
internal static class OpenPages
{
    private static readonly string[] Account =
    [
        "register", "register-confirmation", "resend-confirmation", "forgot-password", "reset-password", "lockout", "denied", "invitation",
    ];

    public static async Task SeeAsync(Tour tour)
    {
        var page = tour.Visitor.Page;
        await tour.SeeAsync("login", "/account/login");
        await tour.Content.Locator("form button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator("[aria-invalid=true]").First).ToBeVisibleAsync();
        await tour.SeeAsync("login-errors");
        foreach (var path in Account) await tour.SeeAsync(path, $"/account/{path}");
        await tour.Visitor.GoToAsync("/account/register");
        await tour.Content.Locator("form button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator("[aria-invalid=true]")).ToHaveCountAsync(1);
        await tour.SeeAsync("register-errors");

        // Letters are sent a moment after what they tell of.
        await Until.TrueAsync("a letter has arrived", async () =>
        {
            await tour.Visitor.GoToAsync("/dev/mail");
            return await page.Locator(".letters a").CountAsync() > 0;
        });
        await tour.SeeAsync("mail-pickup");
        await page.Locator(".letters a").First.ClickAsync();
        await tour.SeeAsync("letter");
        await tour.Visitor.GoToAsync("/dev/mail");
        await tour.Visitor.FollowLetterAsync(tour.App, LooksScene.Invited, "invit");
        await tour.SeeAsync("invitation-open");
        await tour.SeeAsync("failure", "/error");
        await tour.SeeAsync("not-found", "/nothing-here", status: 404);
    }
}
