using Portal.Data;

namespace Portal.Billing.PriceChanges.Views;

/// <param name="At">Of <see cref="PlanMoveState.Told"/>: the renewal at which it moves.</param>
/// <param name="Before">By the list, with what is added to the plan.</param>
public sealed record PlanMoveRow(Guid SubscriptionId, string AccountName, int Version, PlanMoveState State, DateTimeOffset? At, Money Before, Money After);
