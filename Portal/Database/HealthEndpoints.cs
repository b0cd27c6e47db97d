using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Database;

public static class HealthEndpoints
{
    /// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can serve, its database answers too.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live")).ExcludeFromDescription();
        app.MapGet("/health/ready", async (IDbContextFactory<PortalDb> databases, CancellationToken cancel) =>
        {
            await using var db = databases.CreateDbContext();
            return await db.Database.CanConnectAsync(cancel) ? Results.Text("ready") : Results.Text("database unreachable", statusCode: 503);
        }).ExcludeFromDescription();
    }
}
