using System.Linq.Expressions;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data.Billing;

namespace Portal.Billing.Subscriptions;

/// <summary>Derives what a subscription gives from its dates, so that nothing has to run at the moment at which it changes.</summary>
public static class Entitlements
{
    /// <summary>Those that give more than <see cref="Entitlement.None"/> at an instant; for queries. At most one an account.</summary>
    public static Expression<Func<Subscription, bool>> At(DateTimeOffset now)
    {
        var graceBegan = now - RenewalRun.Grace;
        return s =>
            (s.Status == SubscriptionStatus.Active || s.Status == SubscriptionStatus.Trialing || s.Status == SubscriptionStatus.PastDue)
            && (s.PeriodEnd > now || (!s.UnpaidTrial && (s.PastDueSince ?? s.PeriodEnd) > graceBegan && !(s.CancelAtPeriodEnd && (s.TermEnd == null || s.TermEnd <= now))));
    }

    public static Entitlement Of(Subscription subscription, DateTimeOffset now) => subscription switch
    {
        _ when !At(now).Compile()(subscription) => Entitlement.None,
        _ when subscription.PeriodEnd <= now => Entitlement.Grace,
        { Status: SubscriptionStatus.Trialing } => Entitlement.Trial,
        _ => Entitlement.Active,
    };
}
