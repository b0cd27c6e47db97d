using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Data.Support;

namespace Portal.Billing.PriceChanges;

/// <summary>
/// Carries out the orders of <see cref="PlanMoves"/>: writes to who is moved, and sets the plan of their next period. Each in a transaction of its own;
/// a run that dies goes on where it stopped.
/// </summary>
public sealed class PlanMoveRun(
    IDbContextFactory<PortalDb> databases, LedgerWriter ledger, PlanMoveLetters letters, TimeProvider clock, ILogger<PlanMoveRun> logger)
{
    /// <summary>
    /// From the letter to the renewal, at least. Long enough to look around and leave, and shorter than every month, so that each period has a day on
    /// which it can be kept.
    /// </summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    /// <summary>Of the plans that are sold with a term, and some days. Whoever is bound for longer need not be looked at.</summary>
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(35);

    /// <returns>Orders that went a step further.</returns>
    public async Task<int> Run(CancellationToken cancel = default) => await EachAlone.Run(
        await Due(cancel), logger, async due => (await ledger.Run(transaction => Step(transaction, due.Id, due.Account, cancel), cancel)).Value, cancel);

    private async Task<List<(long Id, Guid Account)>> Due(CancellationToken cancel)
    {
        var early = clock.GetUtcNow() + Notice;
        var bound = clock.GetUtcNow() + LongestPeriod;
        await using var db = databases.CreateDbContext();
        var due = await (
            from m in db.PlanMoves.AsNoTracking()
            where m.ClosedAt == null
            join s in db.Subscriptions on m.SubscriptionId equals s.Id
            join p in db.Plans on m.ToPlanId equals p.Id
            where s.Status == SubscriptionStatus.Canceled || s.PlanId == m.ToPlanId || s.Plan.Key != p.Key
                || (s.Status == SubscriptionStatus.Active && !s.CancelAtPeriodEnd && (s.TermEnd == null || s.TermEnd <= bound)
                    && ((m.At != s.PeriodEnd && s.PeriodEnd >= early) || (m.At == s.PeriodEnd && s.NextPlanId == null)))
            orderby m.Id
            select new { m.Id, m.AccountId }).ToListAsync(cancel);
        return due.ConvertAll(m => (m.Id, m.AccountId));
    }

    private async Task<Outcome<bool>> Step(LedgerTransaction transaction, long id, Guid account, CancellationToken cancel)
    {
        await transaction.Lock(account, cancel);
        var db = transaction.Db;
        var move = await db.PlanMoves.SingleAsync(m => m.Id == id, cancel);
        if (move.ClosedAt is not null)
        {
            return false;
        }

        var to = await db.Plans.AsNoTracking().SingleAsync(p => p.Id == move.ToPlanId, cancel);
        var subscription = await db.Subscriptions.Include(s => s.Plan).SingleAsync(s => s.Id == move.SubscriptionId, cancel);
        if (subscription.Status == SubscriptionStatus.Canceled || subscription.PlanId == to.Id || subscription.Plan.Key != to.Key)
        {
            move.ClosedAt = transaction.Now;
            return true;
        }

        if (subscription.Status != SubscriptionStatus.Active || subscription.CancelAtPeriodEnd || !Terms.IsOver(subscription, subscription.PeriodEnd)
            || await ChoseAnother(db, subscription, to, cancel) || NextExtras.Of(subscription).WhyNot(to) is not null)
        {
            return false;
        }

        var told = move.At == subscription.PeriodEnd;
        if ((told && subscription.NextPlanId == to.Id) || (!told && subscription.PeriodEnd < transaction.Now + Notice))
        {
            return false;
        }

        Set(subscription, to);
        if (!told)
        {
            (move.NoticedAt, move.At) = (transaction.Now, subscription.PeriodEnd);
            await letters.Queue(transaction, subscription, move, stays: false, cancel);
            db.AuditEntries.Add(new AuditEntry
            {
                At = transaction.Now, PersonId = move.AskedBy, AccountId = account, Action = "plan.move-announced", Subject = $"{subscription.Id:N}",
                Detail = $"{to.NameEn} version {subscription.Plan.Version} → {to.Version} from {subscription.PeriodEnd:yyyy-MM-dd}",
            });
        }

        return true;
    }

    private static async Task<bool> ChoseAnother(PortalDb db, Subscription subscription, Plan to, CancellationToken cancel) =>
        subscription.NextPlanId is { } next && await db.Plans.AnyAsync(p => p.Id == next && p.Key != to.Key, cancel);

    /// <summary>What is added to the plan, or will be, goes with it.</summary>
    private static void Set(Subscription subscription, Plan to)
    {
        var extras = NextExtras.Of(subscription);

        // Nobody is bound again by being moved.
        subscription.NextTerm = subscription.NextPlanId is null ? PlanTerm.Monthly : subscription.NextTerm;
        subscription.NextPlanId = to.Id;
        subscription.NextExtraTokens = extras.Tokens;
        subscription.NextExtraConcurrent = extras.Concurrent;
        subscription.Version++;
    }
}
