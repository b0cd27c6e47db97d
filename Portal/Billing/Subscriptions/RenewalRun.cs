using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Subscriptions;

/// <summary>
/// Renews what is due, each period in a transaction of its own: a run that dies resumes where it stopped, and two runs
/// at once renew each period once. What cannot be paid is tried again at every run until the grace is over. Periods that
/// passed unopened, as in an outage, are never charged: nobody could use them.
/// </summary>
public sealed partial class RenewalRun(
    IDbContextFactory<PortalDb> databases, LedgerWriter ledger, PlanMails mails, TimeProvider clock, ILogger<RenewalRun> logger)
{
    /// <summary>From the first attempt that the balance could not pay until the plan ends.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(14);

    private enum Step
    {
        Nothing,
        Renewed,
        PastDue,
        Ended,
    }

    /// <exception cref="AggregateException">Some subscriptions failed; the others were done.</exception>
    public async Task<RenewalSummary> Run(CancellationToken cancel = default)
    {
        var steps = new Dictionary<Step, int>();
        var failures = new List<Exception>();
        foreach (var (id, account) in await Due(cancel))
        {
            try
            {
                var step = await Renew(id, account, cancel);
                steps[step] = steps.GetValueOrDefault(step) + 1;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // One account's trouble must not keep the others from their allowance.
                Log.Failed(logger, id, failure);
                failures.Add(failure);
            }
        }

        var summary = new RenewalSummary(steps.GetValueOrDefault(Step.Renewed), steps.GetValueOrDefault(Step.PastDue), steps.GetValueOrDefault(Step.Ended));
        Log.Ran(logger, summary.Renewed, summary.PastDue, summary.Ended);
        return failures.Count == 0 ? summary : throw new AggregateException("some renewals failed", failures);
    }

    private async Task<List<(Guid Id, Guid Account)>> Due(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var due = await db.Subscriptions.AsNoTracking().Where(s => s.Status != SubscriptionStatus.Canceled && s.PeriodEnd <= now)
            .OrderBy(s => s.PeriodEnd).Select(s => new { s.Id, s.AccountId }).ToListAsync(cancel);
        return [.. due.Select(s => (s.Id, s.AccountId))];
    }

    private async Task<Step> Renew(Guid id, Guid account, CancellationToken cancel)
    {
        var outcome = await ledger.Run<Step>(async transaction =>
        {
            await transaction.Lock(account, cancel);
            var subscription = await transaction.Db.Subscriptions.Include(s => s.Plan).SingleAsync(s => s.Id == id, cancel);
            if (subscription.Status == SubscriptionStatus.Canceled || subscription.PeriodEnd > transaction.Now)
            {
                return Step.Nothing;
            }

            await transaction.Apply(new BookExpiry(account), cancel);
            if (subscription.CancelAtPeriodEnd)
            {
                PlanDesk.End(subscription, subscription.PeriodEnd);
                return Step.Ended;
            }

            return await Opens(transaction, subscription, cancel) ? Step.Renewed : await Fall(transaction, subscription, cancel);
        }, cancel);
        return outcome.Value;
    }

    /// <summary>Opens the period that contains now: of those before it nothing was to be had, so nothing is charged for them.</summary>
    /// <returns>False when the balance does not pay the fee.</returns>
    private static async Task<bool> Opens(LedgerTransaction transaction, Subscription subscription, CancellationToken cancel)
    {
        var plan = subscription.NextPlanId is { } next ? await transaction.Db.Plans.SingleAsync(p => p.Id == next, cancel) : subscription.Plan;
        var zone = await PaidPeriod.ZoneOf(transaction.Db, subscription.AccountId, cancel);
        var (from, to) = BillingPeriods.Containing(subscription.Anchor, subscription.PeriodEnd, plan.PeriodMonths, zone, transaction.Now);
        var extras = subscription.NextExtras();
        var price = await PaidPeriod.RenewalPrice(transaction.Db, subscription, plan, extras, transaction.Now, cancel);
        var opened = await PaidPeriod.Open(transaction, subscription, plan, extras, price, from, to, null, cancel);
        return opened.IsDone(out var refusal) || refusal.Code == "funds.short"
            ? refusal is null
            : throw new InvalidOperationException($"renewal of {subscription.Id}: {refusal}");
    }

    private async Task<Step> Fall(LedgerTransaction transaction, Subscription subscription, CancellationToken cancel)
    {
        if (subscription.PastDueSince is not { } since)
        {
            subscription.Status = SubscriptionStatus.PastDue;
            subscription.PastDueSince = transaction.Now;
            subscription.Version++;
            await mails.Queue(transaction, subscription, PlanMail.PastDue, transaction.Now + Grace, cancel);
            return Step.PastDue;
        }

        if (transaction.Now - since >= Grace)
        {
            PlanDesk.End(subscription, transaction.Now);
            await mails.Queue(transaction, subscription, PlanMail.Ended, since + Grace, cancel);
            return Step.Ended;
        }

        if (transaction.Now - since >= Grace - PlanMails.ReminderBeforeEnd)
        {
            await mails.Queue(transaction, subscription, PlanMail.Reminder, since + Grace, cancel);
        }

        return Step.PastDue;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Renewals: {Renewed} renewed, {PastDue} past due, {Ended} ended")]
        public static partial void Ran(ILogger logger, int renewed, int pastDue, int ended);

        [LoggerMessage(LogLevel.Error, "Renewal of subscription {Subscription} failed")]
        public static partial void Failed(ILogger logger, Guid subscription, Exception failure);
    }
}
