using Radzen;

namespace Portal.Components.Pages.Desk;

/// <summary>How the dialogs of this folder open.</summary>
internal static class DeskDialogs
{
    public static DialogOptions Options => new() { Width = "min(32rem, calc(100vw - 2rem))", CloseDialogOnEsc = true };
}
