using Microsoft.EntityFrameworkCore;
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
        if (live is null || (live.CancelAtPeriodEnd && live.PeriodEnd <= now) || live.PastDueSince + RenewalRun.Grace <= now)
        {
            return null;
        }

        var next = live.NextPlanId is { } id ? await db.Plans.AsNoTracking().SingleAsync(p => p.Id == id, cancel) : null;
        var price = await PaidPeriod.RenewalPrice(db, live, next ?? live.Plan, live.NextExtras(), now, cancel);
        return new SubscriptionView(
            live.Id, live.Plan, live.Extras(), live.NextExtras(), price, live.Status, live.PeriodStart, live.PeriodEnd, live.CancelAtPeriodEnd, next, live.PastDueSince + RenewalRun.Grace);
    }
}
