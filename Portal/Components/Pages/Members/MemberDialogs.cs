using Radzen;

namespace Portal.Components.Pages.Members;

/// <summary>How the dialogs of this folder open.</summary>
internal static class MemberDialogs
{
    public static DialogOptions Options => new() { Width = "min(32rem, calc(100vw - 2rem))", CloseDialogOnEsc = true };
}
