using Portal.Catalog;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions.Periods;

/// <summary>What follows a subscription's running period, unless it ends.</summary>
/// <param name="Begins">Whether a term begins with it; else the running one goes on.</param>
internal sealed record NextPeriod(Plan Plan, PlanExtras Extras, PlanTerm Term, bool Begins)
{
    /// <summary>Whether the year that it is a month of was paid before.</summary>
    public bool IsPaid => !Begins && Term == PlanTerm.Yearly;

    /// <param name="changed">The plan that <see cref="Subscription.NextPlanId"/> names, when it names one.</param>
    /// <param name="now">A term whose last months nobody opened, as in an outage, is over all the same.</param>
    public static NextPeriod Of(Subscription subscription, Plan? changed, DateTimeOffset now) => subscription switch
    {
        _ when !Terms.IsOver(subscription, subscription.PeriodEnd) && subscription.TermEnd > now => new(subscription.Plan, subscription.Extras(), subscription.Term, false),
        { NextPlanId: not null } => new(
            changed ?? throw new ArgumentNullException(nameof(changed)), new PlanExtras(subscription.NextExtraTokens, subscription.NextExtraConcurrent), subscription.NextTerm, true),

        // A contract or a year is taken again only by whoever says so.
        _ => new(subscription.Plan, subscription.Extras(), PlanTerm.Monthly, true),
    };
}
