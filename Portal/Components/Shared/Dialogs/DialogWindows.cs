using Microsoft.AspNetCore.Components;
using Radzen;

namespace Portal.Components.Shared.Dialogs;

/// <summary>How every dialog opens: never wider than the window, closed by its cross and by Escape.</summary>
public static class DialogWindows
{
    /// <param name="wide">For lists, code and forms of many fields.</param>
    /// <returns>What the dialog was closed with; null when it was left.</returns>
    public static async Task<object?> ShowAsync<TDialog>(this DialogService dialogs, string title, Dictionary<string, object?>? parameters = null, bool wide = false)
        where TDialog : ComponentBase =>
        await dialogs.OpenAsync<TDialog>(title, parameters ?? [], new DialogOptions { Width = $"min({(wide ? 44 : 34)}rem, calc(100vw - 2rem))", CloseDialogOnEsc = true });
}
