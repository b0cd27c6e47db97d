using Portal.Billing.Subscriptions.Periods;
using Portal.Catalog;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions;

/// <summary>How long plans are taken for.</summary>
public static class Terms
{
    /// <summary>Of a contract and of a year.</summary>
    public const int Months = 12;

    /// <summary>A period's end that is no further from the term's is the term's, seen through another time zone.</summary>
    private static readonly TimeSpan Drift = TimeSpan.FromDays(2);

    /// <summary>The terms that a plan is sold with.</summary>
    public static IReadOnlyList<PlanTerm> Of(Plan plan) => plan.PeriodMonths == 1 ? [PlanTerm.Monthly, PlanTerm.Contract, PlanTerm.Yearly] : [PlanTerm.Monthly];

    /// <summary>When a term that begins at an instant ends; null: it binds for no longer than its period.</summary>
    public static DateTimeOffset? End(PlanTerm term, DateTimeOffset anchor, DateTimeOffset from, TimeZoneInfo zone) =>
        term == PlanTerm.Monthly ? null : Later(anchor, from, Months, zone);

    /// <summary>So many monthly periods after an instant at which one begins.</summary>
    public static DateTimeOffset Later(DateTimeOffset anchor, DateTimeOffset from, int periods, TimeZoneInfo zone)
    {
        for (var period = 0; period < periods; period++)
        {
            from = BillingPeriods.End(anchor, from, 1, zone);
        }

        return from;
    }

    /// <summary>Whole months from one period's end to another's; days of difference between months do not count.</summary>
    public static int MonthsBetween(DateTimeOffset from, DateTimeOffset to)
    {
        var middle = to.AddDays(-15);
        var months = 0;
        while (from.AddMonths(months) <= middle)
        {
            months++;
        }

        return months;
    }

    /// <summary>A month's part of what was paid for a whole term; all of them add up to it.</summary>
    /// <param name="month">From 0.</param>
    public static long Share(long feeNanos, int month) => UpTo(feeNanos, month + 1) - UpTo(feeNanos, month);

    /// <summary>What of a term's fee is for months after this one.</summary>
    public static long Rest(long feeNanos, int month) => feeNanos - UpTo(feeNanos, month + 1);

    /// <summary>A term's fee of which this much was given back: what is for months after this one falls by it.</summary>
    public static long Lowered(long feeNanos, int month, long givenBackNanos)
    {
        var after = Months - 1 - month;
        return after <= 0 ? feeNanos : (long)((Int128)Math.Max(0, Rest(feeNanos, month) - givenBackNanos) * Months / after);
    }

    /// <summary>Whether the subscription is bound no further than to this end of a period.</summary>
    internal static bool IsOver(Subscription subscription, DateTimeOffset periodEnd) => subscription.TermEnd is not { } end || periodEnd >= end - Drift;

    /// <summary>Until when the subscription runs when nobody renews it.</summary>
    internal static DateTimeOffset BoundUntil(this Subscription subscription) =>
        IsOver(subscription, subscription.PeriodEnd) ? subscription.PeriodEnd : subscription.TermEnd!.Value;

    /// <summary>Whether it has ended as asked, though no run may have come by yet.</summary>
    internal static bool HasRunOut(this Subscription subscription, DateTimeOffset now) => subscription.CancelAtPeriodEnd && subscription.BoundUntil() <= now;

    /// <summary>What the running period has beyond its plan.</summary>
    internal static PlanExtras Extras(this Subscription subscription) => new(subscription.ExtraTokens, subscription.ExtraConcurrent);

    private static long UpTo(long feeNanos, int months) => (long)((Int128)feeNanos * months / Months);
}
