using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.OnAccount;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments.Disputes;

namespace Portal.Payments.Refunds;

/// <summary>
/// Which payments a customer can refund alone: young ones whose credit is unspent. Credit is spent in the order in which it was paid in, so what is left
/// belongs to the newest payments.
/// </summary>
internal sealed class RefundWindow(RefundOptions options, DateTimeOffset now)
{
    /// <returns>Null when the wallet has no such payment, or it was never paid.</returns>
    public async Task<OwnRefund?> Find(PortalDb db, WalletBook book, Guid paymentId, CancellationToken cancel) =>
        (await Read(db, book, [paymentId], cancel)).GetValueOrDefault(paymentId);

    /// <param name="ids">Payments of the wallet; only those that were paid are answered.</param>
    public async Task<Dictionary<Guid, OwnRefund>> Read(PortalDb db, WalletBook book, IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        var oldest = now.AddDays(-options.SelfServiceDays);
        var asked = await db.Payments.AsNoTracking().Where(p => p.AccountId == book.WalletId && p.Status == PaymentStatus.Succeeded && (ids.Contains(p.Id) || p.SucceededAt >= oldest))
            .OrderByDescending(p => p.SucceededAt).ThenByDescending(p => p.Id)
            .Select(p => new Paid(
                p.Id, p.AmountNanos, p.RefundedNanos, p.SucceededAt!.Value,
                p.Refunds.Any(r => r.Status == RefundStatus.Pending || r.Status == RefundStatus.Unknown || r.Status == RefundStatus.AwaitingApproval),
                db.Disputes.Any(d => d.PaymentId == p.Id && d.Status != DisputeStatus.Won),
                p.BonusNanos - p.Refunds.Where(r => r.Status != RefundStatus.Failed && r.Status != RefundStatus.Rejected).Sum(r => r.BonusNanos + r.BonusSpentNanos)))
            .ToListAsync(cancel);

        // What the account owes is not paid out.
        var left = new Money(Math.Max(0, book.Available(Unit.Money, [LedgerCodes.CreditPurchased], null, now) - OpenStatements.Owed(book) - DisputeDebt.Owed(book).Nanos));
        var found = new Dictionary<Guid, OwnRefund>();
        foreach (var payment in asked)
        {
            // What a dispute has frozen is not among what is left.
            var unspent = payment.Disputed ? Money.Zero : left < payment.Rest ? left : payment.Rest;
            left -= unspent;

            // What of its bonus was spent lowers what goes back.
            var bonus = book.Accounts.Where(a => a.Code == LedgerCodes.CreditGranted && a.Unit == Unit.Money && a.SubjectId == payment.Id).Sum(a => a.Balance - a.Held);
            unspent -= new Money(Math.Max(0, payment.BonusNanos - bonus));
            found.Add(payment.Id, Of(payment, unspent > Money.Zero ? unspent : Money.Zero, oldest));
        }
        return found;
    }

    private OwnRefund Of(Paid payment, Money unspent, DateTimeOffset oldest)
    {
        var amount = unspent.FloorToMinorUnits();
        var whyNot = options.SelfServiceDays == 0 ? new Refusal("refund.own.off")
            : payment.Disputed ? new Refusal("refund.disputed")
            : payment.Running ? new Refusal("refund.own.running")
            : payment.Rest <= Money.Zero ? new Refusal("refund.nothing-left")
            : payment.At < oldest ? new Refusal("refund.own.too-old", $"{options.SelfServiceDays}")
            : amount <= Money.Zero || unspent.Nanos * 100m < payment.Rest.Nanos * (decimal)options.SelfServiceUnspentPercent
                ? new Refusal("refund.own.spent", $"{options.SelfServiceUnspentPercent}") : null;
        return new OwnRefund(whyNot is null ? amount : Money.Zero, whyNot);
    }

    private sealed record Paid(Guid Id, long AmountNanos, long RefundedNanos, DateTimeOffset At, bool Running, bool Disputed, long BonusNanos)
    {
        public Money Rest => new(AmountNanos - RefundedNanos);
    }
}
