using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Payments;
using Portal.Payments.Disputes;

namespace Portal.Payments.Refunds;

/// <summary>
/// The second person of a refund. Whoever decides is read from the database in the transaction of the decision: one of the staff now, not whoever asked,
/// with whichever account or role, and nobody who belongs to the account that gains. Of two decisions at once the first counts.
/// </summary>
public sealed class RefundApprovals(
    LedgerWriter ledger, IDbContextFactory<PortalDb> databases, RefundDesk desk, TimeProvider time, ILogger<RefundApprovals> logger)
{
    private const int ListMax = 100;

    /// <returns>What waits, what lapses first on top.</returns>
    public async Task<Outcome<IReadOnlyList<WaitingRefund>>> Waiting(Caller staff, CancellationToken cancel = default)
    {
        if (staff.WhyNotSee(Right.Serve) is { } no) return no;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.Refunds.AsNoTracking().Where(r => r.Status == RefundStatus.AwaitingApproval).OrderBy(r => r.LapsesAt).ThenBy(r => r.Id).Take(ListMax)
            .Select(r => new
            {
                Refund = r, Account = db.Accounts.Where(a => a.Id == r.AccountId).Select(a => a.Name).First(),
                By = db.Users.Where(p => p.Id == r.RequesterId).Select(p => p.Email).FirstOrDefault(),
                Card = db.Payments.Where(p => p.Id == r.PaymentId).Select(p => p.CardBrand + " " + p.CardLast4).FirstOrDefault(),
                Invoice = db.Invoices.Where(i => i.Id == r.InvoiceId).Select(i => i.Number).FirstOrDefault(),
            })
            .ToListAsync(cancel);
        var waiting = new List<WaitingRefund>();
        foreach (var row in rows)
        {
            var r = row.Refund;
            waiting.Add(new WaitingRefund(
                r.Id, r.AccountId, row.Account, new Money(r.AmountNanos), r.InvoiceId is not null, row.Invoice ?? row.Card?.Trim() ?? "", r.Reason, row.By ?? "", r.CreatedAt,
                r.LapsesAt!.Value, r.EndsPlan, await WhyNot(db, staff.PersonId, r, cancel)));
        }
        return waiting;
    }

    /// <summary>Agrees: from here on it is a refund like any other.</summary>
    public async Task<Outcome<RefundView>> Approve(Caller staff, Guid refundId, CancellationToken cancel = default)
    {
        if (staff.WhyNot(Right.Serve) is { } no) return no;
        var decided = await Decide(staff, refundId, async (transaction, refund) =>
        {
            refund.Status = RefundStatus.Pending;
            RefundAudit.Decided(transaction, staff.PersonId, refund, "refund.approved", null);
            if (refund.PaymentId is not null)
            {
                // What it holds was held before the debt was there, and does not go out past it.
                var owed = DisputeDebt.Owed((await transaction.Lock(refund.AccountId, cancel))!);
                return owed > Money.Zero ? new Refusal("refund.owed", owed.CeilingToMinorUnits().ToTwoDecimals()) : default(Done);
            }
            var invoice = await transaction.Db.Invoices.AsNoTracking().SingleAsync(i => i.Id == refund.InvoiceId, cancel);
            var can = await FeeRefunds.Facts(transaction.Db, invoice, refund.Id, transaction.Now, cancel);
            return can.Fit(new Money(refund.AmountNanos), parts: 0).IsDone(out var refusal) ? await FeeRefunds.Book(transaction, refund, invoice, cancel) : refusal;
        }, cancel);
        if (!decided.IsDone(out var refused, out var view)) return refused;

        // From here on closing the page changes nothing: the money is on its way or it is not.
        if (view.Status == RefundStatus.Pending) await desk.Send(refundId, CancellationToken.None);
        return await Find(refundId);
    }

    /// <param name="why">For the audit; required.</param>
    public async Task<Outcome<RefundView>> Reject(Caller staff, Guid refundId, string why, CancellationToken cancel = default)
    {
        if (staff.WhyNot(Right.Serve) is { } no) return no;
        why = PlainText.Of(why);
        if (Reason.WhyNot(why) is { } missing) return missing;
        return await Decide(staff, refundId, async (transaction, refund) =>
        {
            var released = await Release(transaction, refund, cancel);
            RefundAudit.Decided(transaction, staff.PersonId, refund, "refund.rejected", why);
            return released;
        }, cancel);
    }

    /// <summary>Releases what nobody decided about in time; returns how many there were.</summary>
    public async Task<int> Lapse(CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        List<Guid> due;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            due = await db.Refunds.Where(r => r.Status == RefundStatus.AwaitingApproval && r.LapsesAt <= now).OrderBy(r => r.LapsesAt).Select(r => r.Id).ToListAsync(cancel);
        }
        return await EachAlone.Run(due, logger, async id => (await Lapse(id, cancel)).IsDone(out _), cancel);
    }

    private Task<Outcome<Done>> Lapse(Guid id, CancellationToken cancel) => ledger.Run<Done>(async transaction =>
    {
        if (await Waiting(transaction, id, cancel) is not { } refund) return Refusal.NotFound;
        return await Lapse(transaction, refund, cancel);
    }, cancel);

    /// <summary>Ends what waits of a payment that the bank or the gateway has decided about: nobody can agree to it any more, and what it held is free.</summary>
    internal static async Task<Outcome<Done>> Lapse(LedgerTransaction transaction, Payment payment, CancellationToken cancel)
    {
        foreach (var waiting in await transaction.Db.Refunds.Where(r => r.PaymentId == payment.Id && r.Status == RefundStatus.AwaitingApproval).ToListAsync(cancel))
        {
            if (!(await Lapse(transaction, waiting, cancel)).IsDone(out var refusal)) return refusal;
        }
        return default(Done);
    }

    private static async Task<Outcome<Done>> Lapse(LedgerTransaction transaction, Refund refund, CancellationToken cancel)
    {
        var released = await Release(transaction, refund, cancel);
        RefundAudit.Decided(transaction, Guid.Empty, refund, "refund.lapsed", null);
        return released;
    }

    private Task<Outcome<RefundView>> Decide(
        Caller staff, Guid refundId, Func<LedgerTransaction, Refund, Task<Outcome<Done>>> decision, CancellationToken cancel) => ledger.Run<RefundView>(
        async transaction =>
        {
            if (!await transaction.Db.Refunds.AnyAsync(r => r.Id == refundId, cancel)) return Refusal.NotFound;
            if (await Waiting(transaction, refundId, cancel) is not { } refund) return new Refusal("refund.decided");
            if (refund.LapsesAt <= transaction.Now) return new Refusal("refund.lapsed");
            if (await WhyNot(transaction.Db, staff.PersonId, refund, cancel) is { } whyNot) return whyNot;
            (refund.DeciderId, refund.DecidedAt) = (staff.PersonId, transaction.Now);
            return (await decision(transaction, refund)).IsDone(out var refusal) ? RefundView.Of(refund) : refusal;
        },
        cancel);

    /// <summary>The refund, its wallet locked, as long as nobody has decided.</summary>
    private static async Task<Refund?> Waiting(LedgerTransaction transaction, Guid refundId, CancellationToken cancel)
    {
        var account = await transaction.Db.Refunds.Where(r => r.Id == refundId).Select(r => r.AccountId).SingleAsync(cancel);
        await transaction.Lock(account, cancel);
        return await transaction.Db.Refunds.FirstOrDefaultAsync(r => r.Id == refundId && r.Status == RefundStatus.AwaitingApproval, cancel);
    }

    private static async Task<Outcome<Done>> Release(LedgerTransaction transaction, Refund refund, CancellationToken cancel)
    {
        (refund.Status, refund.ResolvedAt) = (RefundStatus.Rejected, transaction.Now);
        return refund.PaymentId is { } paymentId ? await PaymentRefunds.Release(transaction, refund, paymentId, cancel) : default(Done);
    }

    /// <summary>
    /// Of a decision it is asked under the wallet's lock and at the engine's own level of isolation, 'read committed' on servers: what was committed by
    /// then counts, and a role that is taken away in the same moment is taken away after the decision.
    /// </summary>
    private static async Task<Refusal?> WhyNot(PortalDb db, Guid personId, Refund refund, CancellationToken cancel)
    {
        var people = await db.Users.AsNoTracking().Where(p => p.Id == personId || p.Id == refund.RequesterId)
            .Select(p => new { p.Id, p.Email, p.LockoutEnd }).ToListAsync(cancel);
        var roles = await db.UserRoles.Where(r => r.UserId == personId).Join(db.Roles, r => r.RoleId, r => r.Id, (_, r) => r.Name).ToListAsync(cancel);
        var decider = people.Find(p => p.Id == personId);
        if (decider is null || decider.LockoutEnd >= StaffLock.End || !roles.Exists(r => r is Roles.Support or Roles.Administrator)) return Refusal.Forbidden;
        if (personId == refund.RequesterId || people.Exists(p => p.Id != personId && Mailbox.Of(p.Email ?? "") == Mailbox.Of(decider.Email ?? ""))) return new Refusal("refund.same-person");
        return await OwnAccounts.IsOwn(db, personId, refund.AccountId, cancel) ? new Refusal("refund.own-account") : null;
    }

    private async Task<Outcome<RefundView>> Find(Guid refundId)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        return RefundView.Of(await db.Refunds.AsNoTracking().FirstAsync(r => r.Id == refundId));
    }
}
