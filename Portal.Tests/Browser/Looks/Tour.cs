using Microsoft.Playwright;
using Portal.Tests.Browser.Journeys;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Looks;

/// <summary>One person's way past all their pages in one language. What is wrong with a page is written down, and the tour goes on.</summary>
internal sealed class Tour(PortalApp app, LooksScene scene, Visitor visitor)
{
    private readonly List<string> findings = [];

    public PortalApp App => app;

    public LooksScene Scene => scene;

    public Visitor Visitor => visitor;

    public ILocator Content => visitor.Content;

    public ILocator Dialog => visitor.Page.Locator(".rz-dialog");

    public IReadOnlyList<string> Findings => findings;

    // The people's own language is English; a choice that was made before the sign-in wins.
    public async Task SignInAsync(string email, string password = People.Password)
    {
        await visitor.GoToAsync($"/language/{visitor.Look.Language}?returnUrl=/account/login");
        await visitor.SignInAsync(email, password);
    }

    /// <summary>Looks at the page that is open: in English in both themes and at both widths, in Chinese as the visitor came.</summary>
    public async Task SeeAsync(string name)
    {
        var first = visitor.Look;
        if (first.Language != "en")
        {
            findings.AddRange(await visitor.FindingsAsync(name, AxeRules.Words));
            return;
        }

        findings.AddRange(await visitor.FindingsAsync(name));
        await visitor.WearAsync(first.Opposite);
        findings.AddRange(await visitor.FindingsAsync(name, AxeRules.Drawing));
        await visitor.WearAsync(first);
    }

    public async Task SeeAsync(string name, string path, int status = 200)
    {
        await visitor.GoToAsync(path, status);
        await SeeAsync(name);
    }

    /// <summary>Opens a dialog, looks at it, and leaves it open.</summary>
    public async Task OpenAsync(string name, ILocator button)
    {
        await button.ClickAsync();
        await Assertions.Expect(Dialog).ToBeVisibleAsync();
        await SeeAsync(name);
    }

    /// <summary>Opens a dialog, looks at it, and closes it with the keyboard.</summary>
    public async Task SeeDialogAsync(string name, ILocator button)
    {
        await OpenAsync(name, button);
        await visitor.Page.Keyboard.PressAsync("Escape");
        await visitor.DialogClosedAsync();
    }
}
