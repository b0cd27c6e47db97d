using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Mail;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Subscriptions.Renewals;

/// <summary>
/// Renews what is due, some subscriptions a transaction: a run that dies resumes where it stopped, and two runs at once renew each period once. When
/// one of them fails, each has a transaction of its own. What cannot be paid is tried again at every run until the grace is over. Periods that passed
/// unopened, as in an outage, are never charged: nobody could use them.
/// </summary>
public sealed partial class RenewalRun(
    IDbContextFactory<PortalDb> databases, LedgerWriter ledger, PlanLetters letters, TimeProvider clock, ILogger<RenewalRun> logger)
{
    /// <summary>Subscriptions in one commit, at most: enough to share the cost of its questions, few enough that nobody waits long for a wallet.</summary>
    public const int BatchMax = 64;

    /// <summary>While one transaction waits for its disk, others have their rows read and written.</summary>
    private const int WritersOfServers = 3;

    /// <summary>From the first attempt that the balance could not pay until the plan ends.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(14);

    /// <exception cref="AggregateException">Some subscriptions failed; the others were done.</exception>
    public async Task<RenewalSummary> Run(CancellationToken cancel = default)
    {
        var (due, writers) = await Due(cancel);
        var steps = new ConcurrentBag<RenewalStep>();
        var failures = new ConcurrentBag<Exception>();
        await Parallel.ForEachAsync(
            due.Chunk(BatchMax), new ParallelOptions { MaxDegreeOfParallelism = writers, CancellationToken = cancel },
            async (batch, stop) => await Renew(batch, steps, failures, stop));

        await Announce(failures, cancel);
        var counts = steps.CountBy(step => step).ToDictionary();
        var summary = new RenewalSummary(
            counts.GetValueOrDefault(RenewalStep.Renewed), counts.GetValueOrDefault(RenewalStep.PastDue), counts.GetValueOrDefault(RenewalStep.Ended));
        Log.Ran(logger, summary.Renewed, summary.PastDue, summary.Ended);
        return failures.IsEmpty ? summary : throw new AggregateException("some renewals failed", failures);
    }

    /// <summary>Tries an account's renewal, or the plan that it waits for, because money has come.</summary>
    /// <returns>Whether a period was opened.</returns>
    public async Task<bool> Retry(Guid accountId, CancellationToken cancel = default)
    {
        Guid? waiting;
        await using (var db = databases.CreateDbContext())
        {
            waiting = await db.Subscriptions.Where(s => s.AccountId == accountId && (s.Status == SubscriptionStatus.PastDue || s.Status == SubscriptionStatus.Incomplete))
                .Select(s => (Guid?)s.Id).FirstOrDefaultAsync(cancel);
        }

        if (waiting is not { } id)
        {
            return false;
        }

        var steps = new ConcurrentBag<RenewalStep>();
        await Renew([(id, accountId)], steps, [], cancel);
        return steps.Contains(RenewalStep.Renewed);
    }

    /// <summary>Tells of trials and terms that end soon.</summary>
    private async Task Announce(ConcurrentBag<Exception> failures, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var (trials, terms) = (now + PlanLetters.TrialNotice, now + PlanLetters.TermNotice);
        List<Subscription> ending;
        await using (var db = databases.CreateDbContext())
        {
            ending = await db.Subscriptions.AsNoTracking().Include(s => s.Plan).Where(s => !s.CancelAtPeriodEnd && s.PeriodEnd > now
                && ((s.Status == SubscriptionStatus.Trialing && s.PeriodEnd <= trials) || (s.Status == SubscriptionStatus.Active && s.TermEnd <= terms && s.PeriodEnd <= terms)))
                .ToListAsync(cancel);
        }

        foreach (var subscription in ending)
        {
            try
            {
                await ledger.Run<Done>(
                    async transaction =>
                    {
                        await letters.Queue(transaction, subscription, subscription.TermEnd is null ? PlanLetter.TrialEnding : PlanLetter.TermEnding, subscription.PeriodEnd, cancel);
                        return new Done();
                    },
                    cancel);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.Failed(logger, subscription.Id, failure);
                failures.Add(failure);
            }
        }
    }

    /// <returns>Subscriptions with their accounts, and how many transactions at once are of use to the engine.</returns>
    private async Task<(List<(Guid Id, Guid Account)> Due, int Writers)> Due(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var due = await db.Subscriptions.AsNoTracking().Where(s => s.Status != SubscriptionStatus.Canceled && (s.PeriodEnd <= now || s.Status == SubscriptionStatus.Incomplete))
            .OrderBy(s => s.PeriodEnd).Select(s => new { s.Id, s.AccountId }).ToListAsync(cancel);
        return ([.. due.Select(s => (s.Id, s.AccountId))], db.Database.IsSqlite() ? 1 : WritersOfServers);
    }

    private async Task Renew((Guid Id, Guid Account)[] batch, ConcurrentBag<RenewalStep> steps, ConcurrentBag<Exception> failures, CancellationToken cancel)
    {
        try
        {
            var done = await ledger.Run<RenewalStep[]>(async transaction => await new RenewalBatch(transaction, letters).Renew(batch, cancel), cancel);
            foreach (var step in done.Value)
            {
                steps.Add(step);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            if (batch is [var one])
            {
                Log.Failed(logger, one.Id, failure);
                failures.Add(failure);
                return;
            }

            // One account's trouble must not keep the others from their allowance.
            foreach (var alone in batch)
            {
                await Renew([alone], steps, failures, cancel);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Renewals: {Renewed} renewed, {PastDue} past due, {Ended} ended")]
        public static partial void Ran(ILogger logger, int renewed, int pastDue, int ended);

        [LoggerMessage(LogLevel.Error, "Renewal of subscription {Subscription} failed")]
        public static partial void Failed(ILogger logger, Guid subscription, Exception failure);
    }
}
