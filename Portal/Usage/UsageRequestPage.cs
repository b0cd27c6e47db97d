namespace Portal.Usage;

/// <summary>Some of the requests of a range, and how many it has.</summary>
public sealed record UsageRequestPage(IReadOnlyList<UsageRequest> Requests, int Total);
