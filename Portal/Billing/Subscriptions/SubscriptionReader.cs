using Microsoft.EntityFrameworkCore;
using Portal.Billing.Rating;
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
        if (live is null or { Status: SubscriptionStatus.Incomplete } || (live.CancelAtPeriodEnd && live.BoundUntil() <= now) || live.PastDueSince + RenewalRun.Grace <= now)
        {
            return null;
        }

        var changed = live.NextPlanId is { } id ? await db.Plans.AsNoTracking().SingleAsync(p => p.Id == id, cancel) : null;
        var next = NextPeriod.Of(live, changed);
        var price = next.IsPaid ? null : (await PeriodPrices.Read(db, [accountId], next.Term != PlanTerm.Monthly, cancel)).OfRenewal(live, next, now);
        return new SubscriptionView(
            live.Id, live.Plan, live.Extras(), next.Extras, price ?? new PeriodPrice([]), live.Status, live.PeriodStart, live.PeriodEnd, live.CancelAtPeriodEnd, changed, live.PastDueSince + RenewalRun.Grace)
        {
            Term = live.Term, TermEnd = live.TermEnd, NextTerm = next.Term,
        };
    }
}
