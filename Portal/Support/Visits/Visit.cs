namespace Portal.Support.Visits;

/// <summary>A look at a customer's pages that has begun.</summary>
/// <param name="Until">When it ends at the latest.</param>
public sealed record Visit(Guid Id, DateTimeOffset Until);
