using Portal.Catalog.Editing;

namespace Portal.Catalog;

public static class CatalogSetup
{
    public static void AddCatalog(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CatalogLoader>();
        builder.Services.AddSingleton<CatalogReader>();
        builder.Services.AddSingleton(services => new PriceRegion(services.GetRequiredService<IConfiguration>()["Prompts:Region"]));
        builder.Services.AddSingleton<CatalogDesk>();
        builder.Services.AddSingleton<DraftDesk>();
        builder.Services.AddSingleton<CatalogPublisher>();
        builder.Services.AddSingleton<CatalogImport>();
    }
}
