using Microsoft.EntityFrameworkCore;
using Portal.Catalog;
using Portal.Commands;
using Portal.Data;

namespace Portal.Database;

/// <summary>Brings the database up to date before anything else starts: migrations, catalogue, in Development the demo people.</summary>
public sealed partial class Preparation(
    PortalDbFactory databases, CatalogLoader catalogue, DemoPeople demo, IHostEnvironment environment, ILogger<Preparation> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken) => await Prepare(cancellationToken);

    /// <summary>Safe to repeat and to run on several nodes at once: EF takes the engine's lock.</summary>
    public async Task Prepare(CancellationToken cancel)
    {
        await using (var db = databases.CreateDbContext())
        {
            if (databases.Provider == DatabaseProvider.Sqlite)
            {
                await db.Database.OpenConnectionAsync(cancel);
                await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancel);
            }

            await db.Database.MigrateAsync(cancel);
        }

        await catalogue.Load(cancel);
        if (environment.IsDevelopment())
        {
            await demo.Ensure(cancel);
        }

        Log.Prepared(logger, databases.Provider);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Database ready ({Provider})")]
        public static partial void Prepared(ILogger logger, DatabaseProvider provider);
    }
}
