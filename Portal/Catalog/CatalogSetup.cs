namespace Portal.Catalog;

public static class CatalogSetup
{
    public static void AddCatalog(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CatalogLoader>();
        builder.Services.AddSingleton<CatalogReader>();
    }
}
