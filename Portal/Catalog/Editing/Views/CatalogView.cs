namespace Portal.Catalog.Editing.Views;

/// <summary>All that is sold or was, and what is being written.</summary>
public sealed record CatalogView(IReadOnlyList<PlanSummary> Plans, IReadOnlyList<CardSummary> Cards, IReadOnlyList<DraftSummary> Drafts);
