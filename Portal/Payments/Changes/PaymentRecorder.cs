using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Billing.OnAccount;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments.Disputes;
using Portal.Payments.Gateway;

namespace Portal.Payments.Changes;

/// <summary>
/// Writes what the gateway said about a payment, in the transaction of whoever heard it. Changes may come twice and in any order: a paid payment
/// stays paid, a refund moves forward only, and the ledger's keys let each movement happen once.
/// </summary>
public static class PaymentRecorder
{
    /// <summary>In a transaction of its own, of which nothing stays when something is wrong.</summary>
    /// <returns>What is wrong, for the operator; null when all is well.</returns>
    public static async Task<string?> Write(LedgerWriter ledger, Guid accountId, Guid paymentId, PaymentChange change, CancellationToken cancel)
    {
        string? problem = null;
        await ledger.Run<Done>(
            async transaction =>
            {
                problem = await Apply(transaction, accountId, paymentId, change, cancel);

                // Nobody reads this refusal; it undoes the transaction.
                return problem is null ? new Done() : Refusal.NotFound;
            },
            cancel);
        return problem;
    }

    /// <summary>Locks the payment's wallet and reads the payment before it writes.</summary>
    /// <returns>What is wrong, for the operator: the caller must roll back. Null when all is well.</returns>
    public static async Task<string?> Apply(LedgerTransaction ledger, Guid accountId, Guid paymentId, PaymentChange change, CancellationToken cancel)
    {
        await ledger.Lock(accountId, cancel);
        return await Apply(ledger, await ledger.Db.Payments.FirstAsync(p => p.Id == paymentId, cancel), change, cancel);
    }

    private static async Task<string?> Apply(LedgerTransaction ledger, Payment payment, PaymentChange change, CancellationToken cancel)
    {
        switch (change)
        {
            case PaymentChange.Paid paid:
                return await Credit(ledger, payment, paid, cancel);
            case PaymentChange.CardSeen card:
                (payment.CardBrand, payment.CardLast4) = (card.Brand, card.Last4);
                return null;
            case PaymentChange.Declined or PaymentChange.Ended or PaymentChange.Unanswered when payment.MethodId is not null:
                SavedCardRecorder.Apply(payment, change, ledger.Now);
                return null;
            case PaymentChange.Declined declined when payment.Status != PaymentStatus.Succeeded:
                payment.FailureCode = declined.Code;
                return null;
            case PaymentChange.Ended ended when payment.Status != PaymentStatus.Succeeded:
                payment.Status = PaymentStatus.Failed;
                payment.FailureCode ??= ended.Code;
                return null;
            case PaymentChange.RefundMoved moved:
                return await RefundRecorder.Move(ledger, payment, moved, cancel);
            case PaymentChange.RefundRefused refused:
                return await RefundRecorder.Refuse(ledger, payment, refused, cancel);
            case PaymentChange.RefundUnanswered unanswered:
                return await RefundRecorder.Doubt(ledger, payment, unanswered, cancel);
            case PaymentChange.Disputed disputed:
                return await DisputeRecorder.Write(ledger, payment, disputed, cancel);
            default:
                return null;
        }
    }

    private static async Task<string?> Credit(LedgerTransaction ledger, Payment payment, PaymentChange.Paid paid, CancellationToken cancel)
    {
        payment.PaymentIntentId ??= paid.IntentId;
        if (payment.Status == PaymentStatus.Succeeded) return null;
        if (paid.Currency != StripeApi.Currency || Money.FromMinorUnits(paid.AmountMinor).Nanos != payment.AmountNanos)
            return $"the gateway received {paid.AmountMinor} {paid.Currency}, which is not what was asked for";

        List<Leg> legs = [new(new AccountRef(LedgerCodes.Clearing, Unit.Money), new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), payment.AmountNanos, "topup")];
        if (payment.BonusNanos > 0)
        {
            // As it was promised when the payment began, whatever the price list says by now.
            legs.Add(new Leg(new AccountRef(LedgerCodes.Issued, Unit.Money), new AccountRef(LedgerCodes.CreditGranted, Unit.Money, payment.Id), payment.BonusNanos, TransferCodes.TopUpBonus));
        }

        var moved = await ledger.Apply(new Move(payment.AccountId, $"topup:{payment.Id:N}", payment.Id.ToString(), legs), cancel);
        if (!moved.IsDone(out var refusal) || !(await RepayDebt(ledger, payment, cancel)).IsDone(out refusal)) return refusal.ToString();
        payment.Status = PaymentStatus.Succeeded;
        payment.SucceededAt = ledger.Now;
        payment.FailureCode = null;
        payment.Untold = payment.MethodId is not null;
        await InvoiceWriter.Issue(
            ledger, new InvoiceDraft(payment.AccountId, InvoiceKind.TopUp, payment.Id.ToString(), [new("topup", CardOf(payment), payment.AmountNanos)]), cancel);
        return null;
    }

    /// <summary>
    /// What is owed for lost disputes is paid first, then what is owed on account: only the rest can be spent, and no more than the rest can be refunded.
    /// What a card was charged for a plan's renewal pays the renewal.
    /// </summary>
    private static async Task<Outcome<Done>> RepayDebt(LedgerTransaction ledger, Payment payment, CancellationToken cancel)
    {
        if (payment.Purpose == PaymentPurpose.Renewal) return default(Done);
        var disputed = await DisputeDebt.Repay(ledger, payment.AccountId, payment.Id.ToString(), cancel);
        if (!disputed.IsDone(out var refusal)) return refusal;
        var book = (await ledger.Lock(payment.AccountId, cancel))!;
        var left = book.Available(Unit.Money, [LedgerCodes.CreditPurchased], null, ledger.Now);
        var amount = Math.Min(OpenStatements.Owed(book), Math.Min(payment.AmountNanos, left));
        if (amount <= 0) return default(Done);
        var leg = new Leg(new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), new AccountRef(LedgerCodes.Postpaid, Unit.Money), amount, TransferCodes.Repaid);
        var repaid = await ledger.Apply(new Move(payment.AccountId, $"repaid:{payment.Id:N}", payment.Id.ToString(), [leg]), cancel);
        if (!repaid.IsDone(out refusal)) return refusal;
        await OpenStatements.Settle(ledger, payment.AccountId, judge: false, cancel);
        return default(Done);
    }

    internal static string CardOf(Payment payment) => $"{payment.CardBrand} {payment.CardLast4}".Trim();
}
