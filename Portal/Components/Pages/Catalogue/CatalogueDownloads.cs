using System.Text;
using Portal.Accounts;
using Portal.Catalog.Editing;

namespace Portal.Components.Pages.Catalogue;

/// <summary>The catalogue as a file, for administrators.</summary>
internal static class CatalogueDownloads
{
    public const string Path = "/catalogue/export";

    public static void MapCatalogueDownloads(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, async (HttpContext http, Callers callers, CatalogDesk desk, CancellationToken cancel) =>
            await callers.Resolve(http.User, cancel) is { } caller && (await desk.Export(caller, cancel)).IsDone(out _, out var file)
                ? Results.File(Encoding.UTF8.GetBytes(file), "application/json; charset=utf-8", "catalog.json")
                : Results.NotFound()).ExcludeFromDescription();
}
