using Microsoft.AspNetCore.Localization;

namespace Portal.Components.Layout.Preferences;

/// <summary>The languages that every sentence of the portal exists in, and the cookie that remembers the choice.</summary>
public static class Language
{
    public const string Default = "en";
    public const string Chinese = "zh-CN";

    public static IReadOnlyList<string> All { get; } = [Default, Chinese];

    /// <summary>Where a link leads that switches to <paramref name="culture"/> and returns to <paramref name="returnPath"/>, a path of this site with its leading slash.</summary>
    public static string SwitchPath(string culture, string returnPath) =>
        $"/language/{culture}?returnUrl={Uri.EscapeDataString(returnPath)}";

    public static void MapLanguageSwitch(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/language/{culture}", (string culture, string? returnUrl, HttpContext context) =>
        {
            if (!All.Contains(culture)) return Results.NotFound();
            context.Remember(culture);
            return Results.LocalRedirect(IsLocal(returnUrl) ? returnUrl! : "/");
        }).AllowAnonymous();

    /// <summary>Keeps the choice for a year in this browser.</summary>
    public static void Remember(this HttpContext context, string culture) => context.Response.Cookies.Append(
        CookieRequestCultureProvider.DefaultCookieName,
        CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
        new CookieOptions { MaxAge = TimeSpan.FromDays(365), IsEssential = true, SameSite = SameSiteMode.Lax });

    /// <summary>Whether an address out of a query may be gone to: a path of this site, nothing else.</summary>
    public static bool IsLocal(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal);
}
