using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Components.Layout.Preferences;
using Portal.Components.Pages.Account.Forms;
using Portal.Components.Shared.Notices;

namespace Portal.Components.Pages.Account;

public sealed partial class Manage
{
    private static readonly (string Culture, string Name)[] Languages = [(Language.Default, "English"), (Language.Chinese, "Chinese")];
    private static readonly string[] Zones = [.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(id => id.Contains('/', StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private readonly FormErrors profileErrors = new();
    private readonly FormErrors passwordErrors = new();
    private Caller? caller;
    private string? email;
    private bool hasZone;

    [SupplyParameterFromQuery(Name = "saved")]
    private bool saved { get; set; }

    [SupplyParameterFromForm(FormName = "profile")]
    private AboutInput About { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "password")]
    private SecretInput Secret { get; set; } = default!;

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        Secret ??= new SecretInput();
        caller = await Callers.Resolve(HttpContext.User, HttpContext.RequestAborted);
        if (caller is null || await Profiles.Read(caller, HttpContext.RequestAborted) is not { } profile)
        {
            Navigation.NavigateTo("/account/login");
            return;
        }
        (email, hasZone) = (profile.Email, profile.TimeZone is not null);
        About ??= new AboutInput { DisplayName = profile.DisplayName, Culture = profile.Culture, TimeZone = profile.TimeZone };
    }

    private async Task SaveProfile()
    {
        var outcome = await Profiles.Update(caller!, About.DisplayName ?? "", About.Culture ?? "", About.TimeZone, HttpContext.RequestAborted);
        if (outcome.IsDone(out var refusal))
        {
            HttpContext.Remember(About.Culture!);
            Navigation.NavigateTo("/account/manage?saved=true");
        }
        else
        {
            profileErrors.Add(FormErrors.Form, Refusals.Sentence(refusal));
        }
    }

    private async Task ChangePassword()
    {
        if (string.IsNullOrEmpty(Secret.Before)) passwordErrors.Add(nameof(Secret.Before), Text["PasswordMissing"]);
        if (string.IsNullOrEmpty(Secret.After)) passwordErrors.Add(nameof(Secret.After), Text["PasswordMissing"]);
        if (passwordErrors.Any) return;
        var result = await Passwords.Change(HttpContext.User, Secret.Before!, Secret.After!);
        if (result.Errors.FirstOrDefault(error => error.Code == "PasswordMismatch") is { } mismatch) passwordErrors.Add(nameof(Secret.Before), mismatch.Description);
        else passwordErrors.Add(result, nameof(Secret.After));
        if (result.Succeeded) Navigation.NavigateTo("/account/manage?saved=true");
    }

    private sealed class AboutInput
    {
        public string? DisplayName { get; set; }
        public string? Culture { get; set; }
        public string? TimeZone { get; set; }
    }

    private sealed class SecretInput
    {
        public string? Before { get; set; }
        public string? After { get; set; }
    }
}
