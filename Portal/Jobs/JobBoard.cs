using Quartz;
using Quartz.Extensibility;

namespace Portal.Jobs;

/// <summary>What the scheduler has run and will run, and running a job now. For administrators.</summary>
public sealed class JobBoard(ISchedulerFactory schedulers, IExecutionHistoryStore history)
{
    private const int RecentMax = 30;

    public async Task<Outcome<IReadOnlyList<JobView>>> List(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        var scheduler = await schedulers.GetScheduler(cancel);
        var views = new List<JobView>();
        foreach (var entry in Schedule.Jobs)
        {
            var key = new JobKey(entry.Name);
            var status = await history.GetJobRunStatus(scheduler.SchedulerName, key, cancel);
            var triggers = await scheduler.GetTriggersOfJob(key, cancel);
            var next = triggers.Select(trigger => trigger.NextFireTimeUtc).Where(time => time is not null).Min();
            var failed = status is not null && status.LastFailedAtUtc == status.LastFiredAtUtc;
            views.Add(new JobView(
                entry.Name, entry.Every, status?.LastFiredAtUtc, status?.LastDuration, status is null ? null : !failed,
                failed ? status!.LastFailureMessage : null, next));
        }

        return views;
    }

    /// <summary>The newest runs of one job, or of all.</summary>
    public async Task<Outcome<IReadOnlyList<JobRunView>>> Recent(Caller caller, string? name, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        var scheduler = await schedulers.GetScheduler(cancel);
        var page = await history.QueryExecutions(
            new ExecutionHistoryQuery { SchedulerName = scheduler.SchedulerName, Job = name is null ? null : new JobKey(name), Take = RecentMax }, cancel);
        return page.Items.Select(run => new JobRunView(run.JobName, run.FiredAtUtc, run.Duration, run.Succeeded, run.ExceptionMessage, run.Manual)).ToList();
    }

    /// <summary>Asks for a run at once; one that is under way already finishes first.</summary>
    public async Task<Outcome<Done>> RunNow(Caller caller, string name, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        if (Schedule.Find(name) is null) return Refusal.NotFound;
        var scheduler = await schedulers.GetScheduler(cancel);
        await scheduler.TriggerJob(new JobKey(name), cancel);
        return new Done();
    }
}
