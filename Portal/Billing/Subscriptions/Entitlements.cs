using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data.Billing;

namespace Portal.Billing.Subscriptions;

/// <summary>Derives what a subscription gives from its dates, so that nothing has to run at the moment at which it changes.</summary>
public static class Entitlements
{
    private static readonly Expression<Func<Subscription, DateTimeOffset, DateTimeOffset, bool>> Rule = (s, now, graceBegan) =>
        (s.Status == SubscriptionStatus.Active || s.Status == SubscriptionStatus.Trialing || s.Status == SubscriptionStatus.PastDue)
        && (s.PeriodEnd > now || (!s.UnpaidTrial && (s.PastDueSince ?? s.PeriodEnd) > graceBegan && !(s.CancelAtPeriodEnd && (s.TermEnd == null || s.TermEnd <= now))));

    private static readonly Func<Subscription, DateTimeOffset, DateTimeOffset, bool> Applies = Rule.Compile();

    /// <summary>Those that give more than <see cref="Entitlement.None"/> at an instant; for queries. At most one an account.</summary>
    public static Expression<Func<Subscription, bool>> At(DateTimeOffset now)
    {
        var graceBegan = now - RenewalRun.Grace;

        // Captured, and so parameters of the query: it is translated once.
        Expression<Func<DateTimeOffset>> instant = () => now;
        Expression<Func<DateTimeOffset>> grace = () => graceBegan;
        var body = ReplacingExpressionVisitor.Replace(Rule.Parameters[1], instant.Body, Rule.Body);
        return Expression.Lambda<Func<Subscription, bool>>(ReplacingExpressionVisitor.Replace(Rule.Parameters[2], grace.Body, body), Rule.Parameters[0]);
    }

    /// <summary>Whether this one does: the rule of <see cref="At"/>.</summary>
    public static bool Gives(Subscription subscription, DateTimeOffset now) => Applies(subscription, now, now - RenewalRun.Grace);

    public static Entitlement Of(Subscription subscription, DateTimeOffset now) => subscription switch
    {
        _ when !Gives(subscription, now) => Entitlement.None,
        _ when subscription.PeriodEnd <= now => Entitlement.Grace,
        { Status: SubscriptionStatus.Trialing } => Entitlement.Trial,
        _ => Entitlement.Active,
    };
}
