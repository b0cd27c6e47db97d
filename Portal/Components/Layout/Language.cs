using Microsoft.AspNetCore.Localization;

namespace Portal.Components.Layout;

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
        routes.MapGet("/language/{culture}", (string culture, string? returnUrl, HttpContext context, TimeProvider time) =>
        {
            if (!All.Contains(culture)) return Results.NotFound();
            context.Response.Cookies.Append(
                CookieRequestCultureProvider.DefaultCookieName,
                CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
                new CookieOptions { Expires = time.GetUtcNow().AddYears(1), IsEssential = true, SameSite = SameSiteMode.Lax });
            return Results.LocalRedirect(IsLocal(returnUrl) ? returnUrl! : "/");
        }).AllowAnonymous();

    private static bool IsLocal(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal);
}
