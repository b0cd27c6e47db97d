using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace Portal.Components;

/// <summary>What every answer tells the browser to refuse: scripts of others, frames around a page, guesses at a file's type, and links that carry a page's address elsewhere.</summary>
internal static class SafetyHeaders
{
    public static void UseSafetyHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        // At the last moment: a page that fails starts its answer anew.
        http.Response.OnStarting(Write, http);
        return next(http);
    });

    private static Task Write(object state)
    {
        var http = (HttpContext)state;
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";

        // The addresses of links in letters carry secrets.
        headers["Referrer-Policy"] = "same-origin";
        if (http.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true) headers.ContentSecurityPolicy = Policy(http);
        return Task.CompletedTask;
    }

    /// <summary>Radzen's fields have handlers in attributes, and charts write styles; the page's one inline script is its import map.</summary>
    private static string Policy(HttpContext http)
    {
        var map = http.GetEndpoint()?.Metadata.GetMetadata<ImportMapDefinition>() is { } imports
            ? $" 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(imports.ToString())))}'" : "";
        return $"default-src 'self'; script-src 'self'{map}; script-src-attr 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            + "font-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'";
    }
}
