using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.OnAccount;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments.AutoTopUps;
using Portal.Payments.Bonuses;
using Portal.Payments.Disputes;

namespace Portal.Payments.Refunds;

/// <summary>A payment that goes back to its card: what can, and holding it. What happens then is for the gateway to say.</summary>
internal static class PaymentRefunds
{
    /// <param name="book">The wallet of the payment's account.</param>
    public static async Task<Refundable> Facts(PortalDb db, WalletBook book, Payment payment, DateTimeOffset now, CancellationToken cancel)
    {
        var waiting = await db.Refunds.Where(r => r.PaymentId == payment.Id && r.Status == RefundStatus.AwaitingApproval).SumAsync(r => r.AmountNanos, cancel);

        // Of a disputed one the bank has the money, or has taken it for good: it must not be paid back a second time.
        var whyNot = payment.Status != PaymentStatus.Succeeded || payment.PaymentIntentId is null ? new Refusal("refund.not-paid")
            : await db.Disputes.AnyAsync(d => d.PaymentId == payment.Id && d.Status != DisputeStatus.Won, cancel) ? new Refusal("refund.disputed") : null;

        // What of its bonus was spent is no longer there to be taken back: it lowers what can go back of the payment.
        // So does what the account owes: nothing goes out to somebody who owes as much.
        var within = new Money(book.Available(Unit.Money, [LedgerCodes.CreditPurchased], null, now) - OpenStatements.Owed(book)) - DisputeDebt.Owed(book) - await BonusBook.Spent(db, book, payment, cancel);
        return Refundable.Of(
            new Money(payment.AmountNanos), new Money(payment.RefundedNanos - waiting), new Money(waiting),
            within > Money.Zero ? within : Money.Zero, whyNot,
            new Refusal("refund.nothing-left"), new Refusal("refund.spent", MoneyInput.Text(0)));
    }

    /// <summary>Holds the credit until the gateway or the second person has decided. The refund's row is the caller's to add.</summary>
    /// <param name="payment">Tracked by the transaction.</param>
    public static async Task<Outcome<Done>> Hold(LedgerTransaction transaction, Payment payment, Guid refundId, Money amount, CancellationToken cancel)
    {
        var held = await transaction.Apply(new Draw(
            payment.AccountId, $"refund:{refundId:N}", refundId.ToString(), "refund", Unit.Money, amount.Nanos,
            [LedgerCodes.CreditPurchased], new AccountRef(LedgerCodes.Clearing, Unit.Money), HoldId: refundId), cancel);
        if (!held.IsDone(out var refusal)) return refusal;
        payment.RefundedNanos += amount.Nanos;
        await AutoTopUpSwitch.Refunded(transaction, payment, cancel);
        return default(Done);
    }

    /// <summary>Nobody agreed to it: what was held is free again, and counts as refunded no more.</summary>
    public static async Task<Outcome<Done>> Release(LedgerTransaction transaction, Refund refund, Guid paymentId, CancellationToken cancel)
    {
        if (!(await transaction.Apply(new VoidHold(refund.AccountId, refund.Id), cancel)).IsDone(out var refusal)) return refusal;
        var payment = await transaction.Db.Payments.FirstAsync(p => p.Id == paymentId, cancel);
        payment.RefundedNanos -= refund.AmountNanos;
        var restored = await BonusBook.GiveBack(transaction, payment, refund, cancel);
        return restored.IsDone(out _) ? await DisputeDebt.Repay(transaction, refund.AccountId, $"{refund.Id}", cancel) : restored;
    }
}
