namespace Portal.Jobs;

/// <summary>A job as the jobs page shows it.</summary>
/// <param name="LastSucceeded">Null when it never ran, or nothing is known of how it ended.</param>
/// <param name="Problem">What the last failure said.</param>
public sealed record JobView(string Name, TimeSpan Every, DateTimeOffset? LastRun, TimeSpan? LastDuration, bool? LastSucceeded, string? Problem, DateTimeOffset? NextRun);

/// <summary>One run that ended.</summary>
/// <param name="Manual">Asked for by hand.</param>
public sealed record JobRunView(string Name, DateTimeOffset At, TimeSpan Duration, bool Succeeded, string? Problem, bool Manual);
