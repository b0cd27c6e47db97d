using Portal.Data.Catalog;

namespace Portal.Billing.PriceChanges.Views;

/// <summary>The subscribers of one older version.</summary>
/// <param name="Free">That can be moved and were not asked to.</param>
/// <param name="Waiting">That will be told when a period leaves time for it.</param>
/// <param name="Told">That move at their next renewal.</param>
/// <param name="Bound">That cannot be moved: they end, change plans, are on trial or past due, or have added what the version does not offer.</param>
public sealed record PlanMoveGroup(Plan From, int Subscribers, int Free, int Waiting, int Told, int Bound);
