using Portal.Billing.PriceChanges.Views;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.PriceChanges;

/// <summary>A subscription of an older version, and what stands about it.</summary>
internal sealed class SubscriberBehind
{
    public required Subscription Subscription { get; init; }

    public required Plan From { get; init; }

    /// <summary>The order that stands; null: there is none.</summary>
    public PlanMove? Move { get; init; }

    /// <summary>The plan that the next period will have, if another was chosen.</summary>
    public string? NextKey { get; init; }

    public PlanMoveState StateOn(Plan to) => Move switch
    {
        { } move when move.ToPlanId == to.Id => move.At == Subscription.PeriodEnd && Subscription.NextPlanId == to.Id ? PlanMoveState.Told : PlanMoveState.Waiting,
        _ => CanMove(to) ? PlanMoveState.Free : PlanMoveState.Bound,
    };

    private bool CanMove(Plan to) =>
        Subscription is { Status: SubscriptionStatus.Active, CancelAtPeriodEnd: false } && (NextKey is null || NextKey == to.Key) && NextExtras.Of(Subscription).WhyNot(to) is null;
}
