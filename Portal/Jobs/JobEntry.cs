namespace Portal.Jobs;

/// <summary>A job of the portal: what it is called, how often it runs, and the one call that it makes.</summary>
/// <param name="Name">Also its key in the scheduler and in the resources.</param>
/// <param name="Run">Idempotent, because a job runs at least once; answers a line for the history, or null.</param>
public sealed record JobEntry(string Name, TimeSpan Every, Func<IServiceProvider, CancellationToken, Task<string?>> Run)
{
    /// <summary>Whether it ends or charges what is due for everyone, so that a node whose clock is ahead must not run it.</summary>
    public bool ByTheClock { get; init; }
}
