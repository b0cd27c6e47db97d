using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Accounts.Mail;
using Portal.Components.Pages.Playground;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Journeys;

/// <summary>What people of several journeys do, as they do it.</summary>
internal static class Steps
{
    public const string GoodCard = "4242 4242 4242 4242";
    public const string DeclinedCard = "4000 0000 0000 0002";

    /// <summary>Waits for the newest letter to an address, opens it on the page that a Development portal shows letters on, and follows its link.</summary>
    /// <param name="subject">A part of its subject.</param>
    public static async Task FollowLetterAsync(this Visitor visitor, PortalApp app, string email, string subject)
    {
        var pickup = app.Services.GetRequiredService<MailPickup>();
        PickedLetter? Letter() => pickup.List().FirstOrDefault(l => l.Letter.To == email && l.Letter.Subject.Contains(subject, StringComparison.OrdinalIgnoreCase));
        await Until.TrueAsync($"a letter about '{subject}' to {email}", () => Task.FromResult(Letter() is not null));
        await visitor.GoToAsync("/dev/mail");
        await visitor.Page.Locator(".letters li").Filter(new() { HasText = email }).GetByRole(AriaRole.Link, new() { Name = Letter()!.Letter.Subject, Exact = true }).First.ClickAsync();
        await visitor.Page.Locator("article .letter a").ClickAsync();
        await visitor.ReadyAsync();
    }

    /// <summary>From the billing page through the dialog to the gateway's page.</summary>
    public static async Task StartTopUpAsync(this Visitor visitor, string yuan)
    {
        await visitor.OpenDialogAsync("Top up", "Top up");
        await visitor.FillAsync("Amount in yuan", yuan);
        await visitor.Button("Continue to payment").DblClickAsync();
        await visitor.Page.WaitForURLAsync("**/sandbox/checkout/**");
    }

    /// <summary>Fills in the gateway's form and clicks its button twice, as impatient people do.</summary>
    public static async Task PayAsync(this Visitor visitor, string card)
    {
        await visitor.Page.Locator("#number").FillAsync(card);
        await visitor.Page.Locator("#expiry").FillAsync("12/34");
        await visitor.Page.Locator("#cvc").FillAsync("123");
        await visitor.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Pay |支付)") }).DblClickAsync();
    }

    /// <summary>Tops up with a card that works, to the end.</summary>
    public static async Task TopUpAsync(this Visitor visitor, string yuan)
    {
        await visitor.GoToAsync("/billing");
        await visitor.StartTopUpAsync(yuan);
        await visitor.PayAsync(GoodCard);
        await visitor.Page.WaitForURLAsync("**/billing?payment=*");
        await Assertions.Expect(visitor.Content.Locator(".payment")).Not.ToHaveCountAsync(0);
        await visitor.ReadyAsync();
    }

    /// <summary>Chooses what to try on the playground and waits until it is there.</summary>
    public static async Task TryAsync(this Visitor visitor, PlaygroundMode mode)
    {
        await visitor.Content.Locator(".page-header").GetByRole(AriaRole.Radio).Nth((int)mode).CheckAsync();
        await Assertions.Expect(visitor.Content.Locator($"[data-draft={mode.ToString().ToLowerInvariant()}]")).ToBeVisibleAsync();
    }

    /// <summary>Writes a prompt on the playground and waits for its price.</summary>
    public static async Task WritePromptAsync(this Visitor visitor, bool picture, string prompt)
    {
        await visitor.TryAsync(picture ? PlaygroundMode.Images : PlaygroundMode.Chat);
        await visitor.Content.Locator("#prompt").FillAsync(prompt);
        await Assertions.Expect(visitor.Content.Locator(".cost-figure")).ToBeVisibleAsync();
    }

    /// <summary>Sends what is written, with a double click, and waits for the so many-th receipt of what is open.</summary>
    public static async Task SendPromptAsync(this Visitor visitor, int receipts)
    {
        await visitor.Content.Locator("[data-send]").DblClickAsync();
        await Assertions.Expect(visitor.Content.Locator("details.receipt")).ToHaveCountAsync(receipts);
    }

    public static async Task SignOutAsync(this Visitor visitor)
    {
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Your account" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await visitor.Page.WaitForURLAsync("**/account/login*");
    }
}
