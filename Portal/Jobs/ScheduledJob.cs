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
            context.Result = await entry.Run(services, cancellationToken);
        }
    }
}
