using Microsoft.EntityFrameworkCore;
using Portal.Billing.PriceChanges.Views;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Billing.Subscriptions;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Data.Support;
using Portal.Data;
using System.Globalization;

namespace Portal.Billing.PriceChanges;

/// <summary>
/// Moves subscribers of older versions of a plan to the one on sale, one or all, at a renewal of which they were told in time. What is running is not
/// touched: neither balance nor allowance. Asking only writes the order down; <see cref="PlanMoveRun"/> carries it out.
/// </summary>
public sealed class PlanMoves(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, PlanMoveLetters letters, TimeProvider clock)
{
    private const int RowsMost = 50;

    public async Task<Outcome<PlanMovesView>> Read(Caller caller, string key, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        if (await OnSale(db, key, cancel) is not { } to)
        {
            return new Refusal("catalog.move-nowhere");
        }

        var behind = await Behind(db, to).ToListAsync(cancel);
        var names = await Names(db, [.. behind.OrderBy(s => s.Move is null).ThenBy(s => s.Subscription.PeriodEnd).Take(RowsMost).Select(s => s.Subscription.AccountId)], cancel);
        return new PlanMovesView(
            to,
            [
                .. behind.GroupBy(s => s.From.Version).OrderByDescending(g => g.Key).Select(g =>
                {
                    var states = g.CountBy(s => s.StateOn(to)).ToDictionary();
                    return new PlanMoveGroup(
                        g.First().From, g.Count(), states.GetValueOrDefault(PlanMoveState.Free), states.GetValueOrDefault(PlanMoveState.Waiting),
                        states.GetValueOrDefault(PlanMoveState.Told), states.GetValueOrDefault(PlanMoveState.Bound));
                }),
            ],
            [
                .. behind.Where(s => names.ContainsKey(s.Subscription.AccountId)).OrderBy(s => s.Move is null).ThenBy(s => s.Subscription.PeriodEnd).Select(s => new PlanMoveRow(
                    s.Subscription.Id, names[s.Subscription.AccountId], s.From.Version, s.StateOn(to), s.StateOn(to) == PlanMoveState.Told ? s.Move!.At : null,
                    PeriodPrice.Of(s.From, s.Subscription.Extras(), []).List, PeriodPrice.Of(to, s.Subscription.Extras(), []).List)),
            ]);
    }

    /// <summary>Orders the move of one subscription, or of all that can be moved. Again changes nothing.</summary>
    /// <param name="subscriptionId">Null: all.</param>
    /// <returns>How many were ordered now.</returns>
    public async Task<Outcome<int>> Ask(Caller caller, string key, Guid? subscriptionId = null, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        try
        {
            return await AskOnce(caller, key, subscriptionId, cancel);
        }
        catch (DbUpdateException)
        {
            // Somebody else asked in this moment: what they ordered is there now.
            return await AskOnce(caller, key, subscriptionId, cancel);
        }
    }

    /// <summary>Takes the order back, until the renewal: the subscription keeps its version, and who was told is told so.</summary>
    public async Task<Outcome<Done>> TakeBack(Caller caller, Guid subscriptionId, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var account = await db.Subscriptions.Where(s => s.Id == subscriptionId).Select(s => (Guid?)s.AccountId).FirstOrDefaultAsync(cancel);
        return account is { } found
            ? await ledger.Run(transaction => TakeBack(transaction, caller, found, subscriptionId, cancel), cancel)
            : Refusal.NotFound;
    }

    private async Task<Outcome<Done>> TakeBack(LedgerTransaction transaction, Caller caller, Guid account, Guid subscriptionId, CancellationToken cancel)
    {
        await transaction.Lock(account, cancel);
        var db = transaction.Db;
        var subscription = await db.Subscriptions.Include(s => s.Plan).SingleAsync(s => s.Id == subscriptionId, cancel);
        if (await db.PlanMoves.FirstOrDefaultAsync(m => m.SubscriptionId == subscriptionId && m.ClosedAt == null, cancel) is not { } move || subscription.PlanId == move.ToPlanId)
        {
            return new Refusal("catalog.move-over");
        }

        move.ClosedAt = transaction.Now;
        if (subscription.NextPlanId == move.ToPlanId && move.At == subscription.PeriodEnd)
        {
            subscription.NextPlanId = null;
            subscription.Version++;
            await letters.Queue(transaction, subscription, move, stays: true, cancel);
        }

        Audit(db, caller, "plan.move-taken-back", $"{subscription.Id:N}", subscription.Plan.NameEn, transaction.Now, account);
        return default(Done);
    }

    private async Task<Outcome<int>> AskOnce(Caller caller, string key, Guid? subscriptionId, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await OnSale(db, key, cancel) is not { } to)
        {
            return new Refusal("catalog.move-nowhere");
        }

        var now = clock.GetUtcNow();
        var behind = await Behind(db, to).Where(s => subscriptionId == null || s.Subscription.Id == subscriptionId).ToListAsync(cancel);
        var asked = behind.Where(s => s.StateOn(to) == PlanMoveState.Free).ToList();
        if (asked.Count == 0)
        {
            // Of one that was asked already there is nothing to say; one that cannot be asked has a reason.
            return behind.Any(s => s.StateOn(to) == PlanMoveState.Bound) && subscriptionId is not null ? new Refusal("catalog.move-bound") : 0;
        }

        // Of an order for a version between, the new one takes the place.
        var older = asked.Where(s => s.Move is not null).Select(s => s.Move!.Id).ToList();
        await db.PlanMoves.Where(m => older.Contains(m.Id)).ExecuteUpdateAsync(set => set.SetProperty(m => m.ClosedAt, now), cancel);
        db.PlanMoves.AddRange(asked.Select(s => new PlanMove
        {
            SubscriptionId = s.Subscription.Id, AccountId = s.Subscription.AccountId, FromPlanId = s.From.Id, ToPlanId = to.Id, AskedAt = now, AskedBy = caller.PersonId,
        }));
        Audit(db, caller, "plan.move-ordered", key, string.Create(CultureInfo.InvariantCulture, $"{asked.Count} subscribers to {to.NameEn} version {to.Version}"), now);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return asked.Count;
    }

    private static Task<Plan?> OnSale(PortalDb db, string key, CancellationToken cancel) =>
        db.Plans.AsNoTracking().FirstOrDefaultAsync(p => p.Key == key && p.RetiredAt == null, cancel);

    /// <summary>The subscriptions of the older versions, each with the order that stands.</summary>
    private static IQueryable<SubscriberBehind> Behind(PortalDb db, Plan to) =>
        from s in db.Subscriptions.AsNoTracking()
        where s.Status != SubscriptionStatus.Canceled && s.Plan.Key == to.Key && s.PlanId != to.Id
        from m in db.PlanMoves.AsNoTracking().Where(m => m.SubscriptionId == s.Id && m.ClosedAt == null).DefaultIfEmpty()
        from n in db.Plans.Where(p => p.Id == s.NextPlanId).DefaultIfEmpty()
        select new SubscriberBehind { Subscription = s, From = s.Plan, Move = m, NextKey = n!.Key };

    private static Task<Dictionary<Guid, string>> Names(PortalDb db, List<Guid> accounts, CancellationToken cancel) =>
        db.Accounts.AsNoTracking().Where(a => accounts.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name, cancel);

    private static void Audit(PortalDb db, Caller caller, string action, string subject, string detail, DateTimeOffset at, Guid? account = null) =>
        db.AuditEntries.Add(new AuditEntry { At = at, PersonId = caller.PersonId, AccountId = account, Action = action, Subject = subject, Detail = detail });
}
