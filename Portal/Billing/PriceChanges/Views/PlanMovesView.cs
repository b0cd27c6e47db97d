using Portal.Data.Catalog;

namespace Portal.Billing.PriceChanges.Views;

/// <summary>Who has older versions of a plan, and who of them will be moved to the one on sale.</summary>
/// <param name="To">The version on sale.</param>
/// <param name="Rows">The first of them, those that were asked to move before the others.</param>
public sealed record PlanMovesView(Plan To, IReadOnlyList<PlanMoveGroup> Groups, IReadOnlyList<PlanMoveRow> Rows);
