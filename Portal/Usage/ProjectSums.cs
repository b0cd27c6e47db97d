namespace Portal.Usage;

/// <summary>A project's usage, added up.</summary>
public sealed record ProjectSums(Guid ProjectId, string Name, UsageSums Sums);
