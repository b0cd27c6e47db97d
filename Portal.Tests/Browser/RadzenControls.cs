using Microsoft.Playwright;

namespace Portal.Tests.Browser;

/// <summary>
/// Works Radzen's controls as a person does: by their labels, in the dialog on top or else in the page.
/// A label belongs to a control through `for` (RadzenFormField's Component), `aria-label`, or because it stands in its form field.
/// </summary>
public static class RadzenControls
{
    /// <summary>The dialog on top, or the page when none is open.</summary>
    public static ILocator Scope(this Visitor visitor) => visitor.Page.Locator("main, .rz-dialog").Last;

    /// <summary>The input, text area or hidden input that carries this label.</summary>
    public static ILocator Field(this Visitor visitor, string label)
    {
        var scope = visitor.Scope();
        var text = $"label[normalize-space(.) = \"{label}\"]";
        return scope.GetByLabel(label, new() { Exact = true })
            .Or(scope.Locator($"xpath=.//*[@id = //{text}/@for]"))
            .Or(scope.Locator($"xpath=.//*[contains(@class, 'rz-form-field') and .//{text}]//*[self::input or self::textarea]"))
            .First;
    }

    /// <summary>Types into a text box, text area, number or date, and leaves it, which is when Blazor hears of the change.</summary>
    public static async Task FillAsync(this Visitor visitor, string label, string text)
    {
        var field = visitor.Field(label);
        await field.FillAsync(text);
        await field.PressAsync("Tab");
    }

    /// <summary>The button of this name, in the dialog on top or else in the page.</summary>
    public static ILocator Button(this Visitor visitor, string name) => visitor.Scope().GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public static Task ClickAsync(this Visitor visitor, string button) => visitor.Button(button).ClickAsync();

    /// <summary>Clicks a button of the page and waits for the dialog of this title.</summary>
    public static async Task OpenDialogAsync(this Visitor visitor, string button, string title)
    {
        await visitor.ClickAsync(button);
        await Assertions.Expect(visitor.Dialog(title)).ToBeVisibleAsync();
    }

    public static ILocator Dialog(this Visitor visitor, string title) =>
        visitor.Page.Locator(".rz-dialog").Filter(new() { Has = visitor.Page.Locator(".rz-dialog-title").GetByText(title, new() { Exact = true }) });

    /// <summary>Waits until no dialog is open.</summary>
    public static Task DialogClosedAsync(this Visitor visitor) => Assertions.Expect(visitor.Page.Locator(".rz-dialog")).ToHaveCountAsync(0);

    /// <summary>Waits for a notification that contains a text.</summary>
    public static Task NotifiedAsync(this Visitor visitor, string text) =>
        Assertions.Expect(visitor.Page.Locator(".rz-notification").Filter(new() { HasText = text }).First).ToBeVisibleAsync();
}
