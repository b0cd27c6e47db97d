namespace Portal.Commands.Bench;

/// <summary>The server's time for one page as one person.</summary>
/// <param name="Failed">What was drawn is not the page.</param>
public sealed record PageTiming(string Path, string Person, TimeSpan P50, TimeSpan P95, bool Failed);
