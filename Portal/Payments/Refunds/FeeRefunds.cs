using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.OnAccount;
using Portal.Billing.Subscriptions;
using Portal.Billing.Subscriptions.Periods;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments.Disputes;

namespace Portal.Payments.Refunds;

/// <summary>
/// A plan's fee that goes back to the balance: exactly to what paid it, last drawn first given back, so that granted credit never becomes money that can
/// be paid out. What was paid on account lowers what is owed; what of that has been repaid becomes purchased credit. The movement, its credit note and what it does to the plan are one transaction.
/// </summary>
internal static class FeeRefunds
{
    private static readonly string[] Codes = [TransferCodes.FeeRefund, TransferCodes.FeeRefundRepaid];

    /// <param name="except">A refund that waits and is decided now: what it holds is free for itself.</param>
    public static async Task<Refundable> Facts(PortalDb db, Invoice invoice, Guid? except, DateTimeOffset now, CancellationToken cancel)
    {
        var refunds = await db.Refunds.AsNoTracking().Where(r => r.InvoiceId == invoice.Id && r.Id != except).ToListAsync(cancel);
        var waiting = Sum(refunds, RefundStatus.AwaitingApproval);
        var returnable = (await Sources(db, invoice, now, cancel)).Aggregate(Money.Zero, (sum, source) => sum + new Money(source.Left));
        var free = new Money(Math.Max(0, returnable.Nanos - await Credited(db, invoice, cancel)));
        return Refundable.Of(
            new Money(invoice.TotalNanos), Sum(refunds, RefundStatus.Succeeded), waiting, free - waiting,
            invoice.Kind != InvoiceKind.Plan || invoice.Status != InvoiceStatus.Paid || invoice.TotalNanos <= 0 ? new Refusal("refund.not-charged") : null,
            new Refusal("refund.nothing-left"), new Refusal("refund.expired"));
    }

    /// <summary>The subscription whose running period an invoice paid, with that period; null when it is over.</summary>
    public static async Task<(Subscription Subscription, SubscriptionPeriod Period)?> Running(PortalDb db, Guid invoiceId, DateTimeOffset now, CancellationToken cancel)
    {
        var paid = await db.SubscriptionPeriods.AsNoTracking().Where(p => p.InvoiceId == invoiceId).OrderByDescending(p => p.Start).FirstOrDefaultAsync(cancel);
        if (paid is null
            || await db.Subscriptions.Include(s => s.Plan).FirstOrDefaultAsync(s => s.Id == paid.SubscriptionId && s.Status != SubscriptionStatus.Canceled, cancel) is not { } live)
        {
            return null;
        }

        // The later months of a year have no invoice of their own.
        var period = await db.SubscriptionPeriods.FirstOrDefaultAsync(
            p => p.SubscriptionId == live.Id && p.Start == live.PeriodStart && p.Start <= now && p.End > now && (p.InvoiceId == null || p.InvoiceId == invoiceId), cancel);
        return period is null || await db.SubscriptionPeriods.AnyAsync(p => p.SubscriptionId == live.Id && p.Start > paid.Start && p.InvoiceId != null, cancel)
            ? null
            : (live, period);
    }

    /// <summary>What is left of the running period's allowance, also what seats have of it: with the plan it ends for all of them.</summary>
    public static IReadOnlyList<LedgerAccount> Unspent(WalletBook book, Subscription subscription) =>
        [.. book.Accounts.Where(a => a.Code is LedgerCodes.Allowance or LedgerCodes.Pool or LedgerCodes.Seat && a.Unit == subscription.Plan.IncludedUnit
            && a.ExpiresAt == subscription.PeriodEnd && a.Balance > a.Held)];

    /// <summary>Gives it back, writes the credit note, and ends the plan where that was asked for.</summary>
    /// <param name="refund">Tracked by the transaction; its amount fits.</param>
    public static async Task<Outcome<Done>> Book(LedgerTransaction transaction, Refund refund, Invoice invoice, CancellationToken cancel)
    {
        var (legs, rest) = (new List<Leg>(), refund.AmountNanos);
        var (book, revenue) = ((await transaction.Lock(refund.AccountId, cancel))!, new AccountRef(LedgerCodes.RevenuePlan, Unit.Money));
        foreach (var source in await Sources(transaction.Db, invoice, transaction.Now, cancel))
        {
            var part = Math.Min(rest, source.Left);
            if (part <= 0) continue;
            legs.AddRange(RepaidMoney.Legs(book, revenue, source.Account, part, TransferCodes.FeeRefund, TransferCodes.FeeRefundRepaid));
            rest -= part;
        }
        if (rest > 0) return new Refusal("refund.above-payment", MoneyInput.Text(new Money(refund.AmountNanos - rest).Amount));
        var moved = await transaction.Apply(new Move(refund.AccountId, $"{TransferCodes.FeeRefund}:{refund.Id:N}", $"{refund.Id}", legs), cancel);
        if (!moved.IsDone(out var refusal)) return refusal;
        await OpenStatements.Settle(transaction, refund.AccountId, judge: false, cancel);
        if (!(await DisputeDebt.Repay(transaction, refund.AccountId, $"{refund.Id}", cancel)).IsDone(out refusal)) return refusal;
        if (await Running(transaction.Db, invoice.Id, transaction.Now, cancel) is var (subscription, period))
        {
            // What was given back is no longer worth anything when the plan is left early.
            var own = Math.Min(refund.AmountNanos, period.WorthNanos);
            period.ReturnedNanos += own;
            subscription.TermFeeNanos = subscription.TermFeeNanos is { } year ? Terms.Lowered(year, period.Month, refund.AmountNanos - own) : null;
            if (refund.EndsPlan && !(await End(transaction, refund, subscription, period, cancel)).IsDone(out refusal)) return refusal;
        }
        (refund.Status, refund.ResolvedAt) = (RefundStatus.Succeeded, transaction.Now);
        await InvoiceWriter.Issue(
            transaction, await CreditNotes.Draft(transaction.Db, invoice.Id, $"{refund.Id}", new Money(refund.AmountNanos), cancel), cancel);
        return default(Done);
    }

    private static async Task<Outcome<Done>> End(LedgerTransaction transaction, Refund refund, Subscription subscription, SubscriptionPeriod period, CancellationToken cancel)
    {
        var book = (await transaction.Lock(refund.AccountId, cancel))!;
        List<Leg> legs =
        [
            .. Unspent(book, subscription).Select(a => new Leg(
                new AccountRef(a.Code, a.Unit, a.SubjectId, a.ExpiresAt), new AccountRef(LedgerCodes.Issued, a.Unit), a.Balance - a.Held, PlanDesk.TakeBackCode)),
        ];
        if (legs.Count > 0 && !(await transaction.Apply(new Move(refund.AccountId, $"{TransferCodes.FeeRefund}-quota:{refund.Id:N}", $"{refund.Id}", legs), cancel)).IsDone(out var refusal))
            return refusal;
        var now = BillingPeriods.WholeSecond(transaction.Now);
        period.End = now > period.Start ? now : period.Start.AddSeconds(1);
        await PlanDesk.End(transaction, subscription, transaction.Now, cancel);
        return default(Done);
    }

    /// <summary>What paid the fee and is not back there, the last drawn first; without granted credit that has expired, where it would be lost.</summary>
    private static async Task<List<Source>> Sources(PortalDb db, Invoice invoice, DateTimeOffset now, CancellationToken cancel)
    {
        var history = BookedTransfer.History(db, invoice.AccountId);
        var paid = await history.Where(b => b.Transfer.Code == PaidPeriod.FeeCode && b.Transfer.Reference == invoice.Reference)
            .OrderByDescending(b => b.Transfer.Id).Select(b => new { b.Debit, b.Transfer.Amount }).ToListAsync(cancel);
        var refunds = (await db.Refunds.Where(r => r.InvoiceId == invoice.Id).Select(r => r.Id).ToListAsync(cancel)).ConvertAll(id => $"{id}");
        var back = await history.Where(b => Codes.Contains(b.Transfer.Code) && refunds.Contains(b.Transfer.Reference))
            .Select(b => new { b.Credit.Id, b.Transfer.Code, b.Transfer.Amount }).ToListAsync(cancel);

        // What has been repaid went elsewhere; it was paid on account all the same.
        var onAccount = paid.Find(p => p.Debit.Code == LedgerCodes.Postpaid)?.Debit.Id;
        var returned = back.ToLookup(b => b.Code == TransferCodes.FeeRefundRepaid ? onAccount : b.Id, b => b.Amount);
        return
        [
            .. paid.Where(p => p.Debit.ExpiresAt is null || p.Debit.ExpiresAt > now).GroupBy(p => p.Debit.Id).Select(g => new Source(
                new AccountRef(g.First().Debit.Code, Unit.Money, g.First().Debit.SubjectId, g.First().Debit.ExpiresAt),
                g.Sum(p => p.Amount) - returned[g.Key].Sum())),
        ];
    }

    /// <summary>What the period that cut this one short was paid with: the customer has it already. Nanos, up to whole minor units.</summary>
    private static async Task<long> Credited(PortalDb db, Invoice invoice, CancellationToken cancel)
    {
        var last = await db.SubscriptionPeriods.AsNoTracking().Where(p => p.InvoiceId == invoice.Id).OrderByDescending(p => p.Start).FirstOrDefaultAsync(cancel);
        if (last is null) return 0;
        var reference = NewPeriod.ReferenceOf(last.SubscriptionId, last.End);
        var credited = -await db.Invoices.Where(i => i.AccountId == invoice.AccountId && i.Kind == InvoiceKind.Plan && i.Reference == reference && i.Status == InvoiceStatus.Paid)
            .SelectMany(i => i.Lines).Where(l => l.Kind == "credit").SumAsync(l => l.AmountNanos, cancel);
        const long Minor = Money.NanosPerUnit / 100;
        return (credited + Minor - 1) / Minor * Minor;
    }

    private static Money Sum(List<Refund> refunds, RefundStatus status) =>
        refunds.Where(r => r.Status == status).Aggregate(Money.Zero, (sum, r) => sum + new Money(r.AmountNanos));

    private sealed record Source(AccountRef Account, long Left);
}
