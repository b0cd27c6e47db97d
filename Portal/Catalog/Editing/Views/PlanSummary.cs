using Portal.Data.Catalog;

namespace Portal.Catalog.Editing.Views;

/// <param name="Newest">On sale unless it is retired.</param>
/// <param name="Subscribers">Of all versions.</param>
/// <param name="Earlier">Of them those who have an older one.</param>
public sealed record PlanSummary(Plan Newest, int Subscribers, int Earlier);
