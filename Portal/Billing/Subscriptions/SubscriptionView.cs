using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions;

/// <summary>An account's plan as it stands.</summary>
/// <param name="Next">The plan from the next period on; null when it stays or ends.</param>
/// <param name="GraceEnd">Set while a renewal could not be paid: when the plan ends unless it is.</param>
public sealed record SubscriptionView(
    Guid Id, Plan Plan, SubscriptionStatus Status, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd, bool CancelAtPeriodEnd, Plan? Next, DateTimeOffset? GraceEnd)
{
    /// <summary>The fee that the next period will cost; null when there is none.</summary>
    public Plan? Renews => CancelAtPeriodEnd ? null : Next ?? Plan;
}
