using Portal.Data.Catalog;

namespace Portal.Catalog.Editing.Views;

/// <summary>A draft as it is edited: either a plan or prices.</summary>
/// <param name="Revision">What was read: a save or a publication of another is refused.</param>
/// <param name="Newest">The newest published version; 0: there is none.</param>
/// <param name="Stale">That one was published after the draft was begun.</param>
/// <param name="Changes">Against what is in force, or on sale.</param>
public sealed record DraftView(
    int Id, DraftKind Kind, string Key, int Revision, int Newest, bool Stale, string EditedBy, DateTimeOffset EditedAt,
    CatalogFile.PlanEntry? Plan, PricesEntry? Prices, IReadOnlyList<FieldChange> Changes);
