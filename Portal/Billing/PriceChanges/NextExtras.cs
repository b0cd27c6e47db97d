using Portal.Billing.Subscriptions;
using Portal.Catalog;
using Portal.Data.Billing;

namespace Portal.Billing.PriceChanges;

internal static class NextExtras
{
    /// <summary>What the next period will have beyond its plan, whatever plan that is.</summary>
    public static PlanExtras Of(Subscription subscription) =>
        subscription.NextPlanId is null ? subscription.Extras() : new PlanExtras(subscription.NextExtraTokens, subscription.NextExtraConcurrent);
}
