using System.Globalization;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Components.Layout;
using Radzen;

namespace Portal.Components;

/// <summary>Everything the pages need from the host: rendering, languages, antiforgery, the signed-in person.</summary>
public static class ComponentsSetup
{
    public static WebApplicationBuilder AddComponents(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddLocalization();
        builder.Services.AddRadzenComponents();
        builder.Services.AddSingleton<ILocalizer, RadzenWords>();
        builder.Services.Configure<RequestLocalizationOptions>(options =>
        {
            options.DefaultRequestCulture = new RequestCulture(Language.Default);
            options.SupportedCultures = options.SupportedUICultures = [.. Language.All.Select(CultureInfo.GetCultureInfo)];
            options.ApplyCurrentCultureToResponseHeaders = true;
        });
        return builder;
    }

    public static WebApplication MapComponents(this WebApplication app)
    {
        app.UseRequestLocalization();
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        // After the line above: the page that it falls back to is authorised like every other.
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapLanguageSwitch();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }
}
