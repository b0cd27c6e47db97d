using System.Globalization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Accounts.SignIn;
using Portal.Components.Circuits;
using Portal.Components.Documents;
using Portal.Components.Layout;
using Portal.Components.Layout.Preferences;
using Portal.Components.Pages.Audit;
using Portal.Components.Pages.Catalogue;
using Portal.Components.Pages.Invoices;
using Portal.Components.Pages.Plans;
using Portal.Components.Pages.Plans.Costs;
using Portal.Components.Pages.Playground;
using Portal.Components.Pages.Playground.Answers;
using Radzen;

namespace Portal.Components;

/// <summary>Everything the pages need from the host: rendering, languages, antiforgery, the signed-in person.</summary>
public static class ComponentsSetup
{
    // The longest text that a field lets somebody type, in the widest characters: beyond it a circuit is cut off.
    private const long MessageBytesMax = 1 << 20;

    public static WebApplicationBuilder AddComponents(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(options => options.MaximumReceiveMessageSize = MessageBytesMax);
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddLocalization();
        builder.Services.AddRadzenComponents();
        builder.Services.AddSingleton<ILocalizer, RadzenWords>();
        builder.Services.AddScoped<PlanWords>();
        builder.Services.AddScoped<CostWords>();
        builder.Services.AddSingleton<InvoicePdf>();
        builder.Services.AddScoped<PlaygroundSession>();
        builder.Services.AddScoped<PlaygroundScript>();
        builder.Services.AddScoped<AnswerDelivery>();
        builder.Services.AddSingleton<AnswerSpeeds>();
        builder.Services.AddSingleton<OpenCircuits>();
        builder.Services.AddScoped<CircuitHandler, CircuitGate>();
        builder.Services.AddScoped<CircuitLink>();
        builder.Services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<CircuitLink>());
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
        app.UseSafetyHeaders();
        if (app.Environment.IsProduction()) app.UseHsts();
        if (!app.Environment.IsDevelopment()) app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseRequestLocalization();
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseWhen(StrangerLimits.Concerns, forms => forms.UseRateLimiter());
        // After the status pages: the page that it falls back to is authorised like every other.
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapLanguageSwitch();
        app.MapInvoiceDownloads();
        app.MapCatalogueDownloads();
        app.MapAuditDownloads();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }
}
