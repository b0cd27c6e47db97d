using Portal.Billing.Ledger;
using Portal.Data;
using Quartz;

namespace Portal.Jobs;

public static class JobsSetup
{
    private static readonly RetryPolicy Retries = RetryPolicy.Exponential(3, TimeSpan.FromSeconds(20), 3, TimeSpan.FromMinutes(5));

    /// <summary>Quartz with its store in the portal's own database, so that a missed run is caught up after a restart and nodes share the work.</summary>
    public static void AddJobs(this WebApplicationBuilder builder, PortalDbFactory database)
    {
        builder.Services.AddSingleton<IdempotencyPruner>();
        builder.Services.AddSingleton<JobBoard>();
        builder.Services.AddSingleton<SharedClock>();
        builder.Services.AddQuartz(quartz =>
        {
            quartz.UsePersistentStore(store =>
            {
                store.ConfigureStore(options => options.StoreJobDataAsStrings = true);
                Use(store, database);
                store.UseSystemTextJsonSerializer();
                store.ProvisionSchema();
                store.UseExecutionHistory();
            });
            quartz.UseDefaultRetryPolicy(Retries);
            foreach (var entry in Schedule.Jobs)
            {
                quartz.ScheduleJob<ScheduledJob>(
                    trigger => trigger.WithIdentity(entry.Name).StartNow().WithSimpleSchedule(every => every.WithInterval(entry.Every).RepeatForever()),
                    job => job.WithIdentity(entry.Name));
            }
        });
        builder.Services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }

    private static void Use(IPersistentStoreBuilder store, PortalDbFactory database)
    {
        switch (database.Provider)
        {
            case DatabaseProvider.Sqlite:
                store.UseSqlite(database.ConnectionString);
                break;
            case DatabaseProvider.PostgreSql:
                store.UsePostgres(database.ConnectionString);
                store.UseClustering();
                break;
            case DatabaseProvider.SqlServer:
                store.UseSqlServer(database.ConnectionString);
                store.UseClustering();
                break;
            default:
                throw new InvalidOperationException($"no job store for {database.Provider}");
        }
    }
}
