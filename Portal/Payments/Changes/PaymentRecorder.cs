using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
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
            case PaymentChange.DisputeOpened or PaymentChange.DisputeClosed when payment.Status != PaymentStatus.Succeeded:
                // The payment itself was not heard of yet; the event is tried again after it.
                return "a dispute of a payment that is not known to be paid";
            case PaymentChange.DisputeOpened opened:
                return await Freeze(ledger, payment, opened, cancel);
            case PaymentChange.DisputeClosed closed:
                return await Unfreeze(ledger, payment, closed, cancel);
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

    /// <summary>What is owed on account is paid first: only the rest can be spent, and no more than the rest can be refunded.</summary>
    private static async Task<Outcome<Done>> RepayDebt(LedgerTransaction ledger, Payment payment, CancellationToken cancel)
    {
        var book = (await ledger.Lock(payment.AccountId, cancel))!;
        var owed = -book.Accounts.Where(a => a.Code == LedgerCodes.Postpaid).Sum(a => a.Balance);
        var amount = Math.Min(owed, payment.AmountNanos);
        if (amount <= 0) return default(Done);
        var leg = new Leg(new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), new AccountRef(LedgerCodes.Postpaid, Unit.Money), amount, TransferCodes.Repaid);
        var repaid = await ledger.Apply(new Move(payment.AccountId, $"repaid:{payment.Id:N}", payment.Id.ToString(), [leg]), cancel);
        return repaid.IsDone(out var refusal) ? default(Done) : refusal;
    }

    internal static string CardOf(Payment payment) => $"{payment.CardBrand} {payment.CardLast4}".Trim();

    private static async Task<string?> Freeze(LedgerTransaction ledger, Payment payment, PaymentChange.DisputeOpened opened, CancellationToken cancel)
    {
        var holdId = HoldOf(opened.DisputeId);
        if (await ledger.Db.Holds.AnyAsync(h => h.Id == holdId, cancel)) return null;

        // The end may be heard before the beginning.
        if (await ledger.Db.WebhookEvents.AnyAsync(e => e.Type == "charge.dispute.closed" && e.ProcessedAt != null && e.Body.Contains(opened.DisputeId), cancel)) return null;
        return await TakeBack(ledger, payment, opened.DisputeId, opened.AmountMinor, holdId, cancel);
    }

    private static async Task<string?> Unfreeze(LedgerTransaction ledger, Payment payment, PaymentChange.DisputeClosed closed, CancellationToken cancel)
    {
        var holdId = HoldOf(closed.DisputeId);
        var frozen = await ledger.Db.Holds.AnyAsync(h => h.Id == holdId && h.State == HoldState.Open, cancel);
        if (!frozen) return closed.Won ? null : await TakeBack(ledger, payment, closed.DisputeId, closed.AmountMinor, null, cancel);
        var resolved = await ledger.Apply(closed.Won ? new VoidHold(payment.AccountId, holdId) : new PostHold(payment.AccountId, holdId), cancel);
        return resolved.IsDone(out var refusal) ? null : refusal.ToString();
    }

    /// <summary>Takes what is left of the disputed credit, for good or (with a hold) until the dispute ends. What was spent is spent.</summary>
    private static async Task<string?> TakeBack(LedgerTransaction ledger, Payment payment, string disputeId, long amountMinor, Guid? holdId, CancellationToken cancel)
    {
        var book = await ledger.Lock(payment.AccountId, cancel);
        string[] from = [LedgerCodes.CreditPurchased];
        var amount = Math.Min(Money.FromMinorUnits(amountMinor).Nanos, book!.Available(Unit.Money, from, null, ledger.Now));
        if (amount <= 0) return null;
        var key = holdId is null ? $"dispute-lost:{disputeId}" : $"dispute:{disputeId}";
        var taken = await ledger.Apply(new Draw(
            payment.AccountId, key, payment.Id.ToString(), "dispute", Unit.Money, amount, from, new AccountRef(LedgerCodes.Disputed, Unit.Money), HoldId: holdId), cancel);
        return taken.IsDone(out var refusal) ? null : refusal.ToString();
    }

    /// <summary>A dispute has no row of its own; its hold's id follows from its name.</summary>
    private static Guid HoldOf(string disputeId) => new(SHA256.HashData(Encoding.UTF8.GetBytes(disputeId)).AsSpan(0, 16));
}
