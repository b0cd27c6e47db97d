using Quartz;

namespace Portal.Jobs;

/// <summary>Runs the entry of the schedule that its key names. Never twice at the same time, on however many nodes.</summary>
[DisallowConcurrentExecution]
public sealed class ScheduledJob(IServiceProvider services) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        // A job that an older version stored and this one no longer has does nothing.
        if (Schedule.Find(context.JobDetail.Key.Name) is { } entry)
        {
            context.Result = await Run(entry, services, cancellationToken);
        }
    }

    /// <exception cref="InvalidOperationException">This node's clock is ahead: another node runs it, or this one when the clocks agree.</exception>
    internal static async Task<string?> Run(JobEntry entry, IServiceProvider services, CancellationToken cancel) =>
        entry.ByTheClock && await services.GetRequiredService<SharedClock>().Ahead(cancel) is { } ahead
            ? throw new InvalidOperationException($"Nothing was done: this server's clock is {ahead:d\\.hh\\:mm\\:ss} ahead of the database's.")
            : await entry.Run(services, cancel);
}
