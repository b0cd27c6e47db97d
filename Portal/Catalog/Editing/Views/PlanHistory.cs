using Portal.Data.Catalog;

namespace Portal.Catalog.Editing.Views;

/// <param name="Versions">Newest first.</param>
/// <param name="DraftId">Of the draft that is open; null: there is none.</param>
public sealed record PlanHistory(IReadOnlyList<PlanVersion> Versions, int? DraftId)
{
    public Plan Newest => Versions[0].Plan;
}
