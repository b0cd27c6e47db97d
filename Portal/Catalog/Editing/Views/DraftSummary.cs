using Portal.Data.Catalog;

namespace Portal.Catalog.Editing.Views;

/// <param name="Stale">Another version was published since it was begun.</param>
public sealed record DraftSummary(int Id, DraftKind Kind, string Key, string NameEn, string NameZh, string EditedBy, DateTimeOffset EditedAt, bool Stale);
