using Microsoft.EntityFrameworkCore;
using Portal.Billing.Rating;
using Portal.Billing.Subscriptions.Periods;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Subscriptions;

/// <summary>Which plan an account has now.</summary>
public sealed class SubscriptionReader(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <returns>
    /// Null without a plan. One that is past due is listed until its grace is over, though what it granted ended with its period.
    /// </returns>
    public async Task<SubscriptionView?> Current(Guid accountId, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var live = await db.Subscriptions.AsNoTracking().Include(s => s.Plan)
            .FirstOrDefaultAsync(s => s.AccountId == accountId && s.Status != SubscriptionStatus.Canceled, cancel);
        if (live is null or { Status: SubscriptionStatus.Incomplete } || live.HasRunOut(now) || (live.PastDueSince + RenewalRun.Grace <= now && live.NextCardAttemptAt is null))
        {
            return null;
        }

        var changed = live.NextPlanId is { } id ? await db.Plans.AsNoTracking().SingleAsync(p => p.Id == id, cancel) : null;
        var next = NextPeriod.Of(live, changed, now);
        var price = next.IsPaid ? null : (await PeriodPrices.Read(db, [accountId], next.Term != PlanTerm.Monthly, cancel)).OfRenewal(live, next, now);
        return new SubscriptionView(
            live.Id, live.Plan, live.Extras(), next.Extras, price ?? new PeriodPrice([]), live.Status, live.PeriodStart, live.PeriodEnd, live.CancelAtPeriodEnd, changed, live.PastDueSince + RenewalRun.Grace)
        {
            Term = live.Term, TermEnd = live.TermEnd, NextTerm = next.Term, NextIsPaid = next.IsPaid, Ends = live.BoundUntil(), Entitlement = Entitlements.Of(live, now),
            CardTriedAgainAt = live.NextCardAttemptAt, DeclineCode = live.DeclineCode, OwnContract = next is { Begins: false },
            MonthsLeft = next.Begins ? 0 : Terms.MonthsBetween(live.PeriodEnd, live.BoundUntil()),
        };
    }

    /// <returns>The plan that waits for its money; null when none does.</returns>
    public async Task<AwaitedPlan?> Awaited(Guid accountId, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        return await db.Subscriptions.AsNoTracking().Where(s => s.AccountId == accountId && s.Status == SubscriptionStatus.Incomplete && s.PeriodEnd > now)
            .Select(s => new AwaitedPlan(s.Plan, new Money(s.AgreedNanos ?? 0), s.PeriodEnd)).FirstOrDefaultAsync(cancel);
    }

    /// <returns>The key of the plan on sale that an account without one had last; null when there was none.</returns>
    public async Task<string?> Former(Guid accountId, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var key = await db.Subscriptions.AsNoTracking().Where(s => s.AccountId == accountId && s.Status == SubscriptionStatus.Canceled && s.AgreedNanos == null)
            .OrderByDescending(s => s.PeriodEnd).Select(s => s.Plan.Key).FirstOrDefaultAsync(cancel);
        return key is not null && await db.Plans.AnyAsync(p => p.Key == key && p.RetiredAt == null, cancel) ? key : null;
    }
}
