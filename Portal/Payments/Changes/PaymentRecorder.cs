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
    /// <summary>The code of the transfer that gives credit back when a refund bounced.</summary>
    public const string ReturnedCode = "refund.returned";

    /// <summary>What is wrong with a refund of the gateway's own dashboard: trying again will not help, somebody must correct the credit.</summary>
    public const string ForeignRefund = "the refund was not made here";

    /// <param name="payment">Tracked by the transaction, read after its wallet was locked.</param>
    /// <returns>What is wrong, for the operator; null when all is well.</returns>
    public static async Task<string?> ApplyAsync(LedgerTransaction ledger, Payment payment, PaymentChange change, CancellationToken ct)
    {
        switch (change)
        {
            case PaymentChange.Paid paid:
                return await CreditAsync(ledger, payment, paid, ct);
            case PaymentChange.CardSeen card:
                (payment.CardBrand, payment.CardLast4) = (card.Brand, card.Last4);
                return null;
            case PaymentChange.Declined declined when payment.Status != PaymentStatus.Succeeded:
                payment.FailureCode = declined.Code;
                return null;
            case PaymentChange.Ended ended when payment.Status != PaymentStatus.Succeeded:
                payment.Status = PaymentStatus.Failed;
                payment.FailureCode ??= ended.Code;
                return null;
            case PaymentChange.RefundMoved moved:
                return await MoveRefundAsync(ledger, payment, moved, ct);
            case PaymentChange.DisputeOpened or PaymentChange.DisputeClosed when payment.Status != PaymentStatus.Succeeded:
                // The payment itself was not heard of yet; the event is tried again after it.
                return "a dispute of a payment that is not known to be paid";
            case PaymentChange.DisputeOpened opened:
                return await FreezeAsync(ledger, payment, opened, ct);
            case PaymentChange.DisputeClosed closed:
                return await UnfreezeAsync(ledger, payment, closed, ct);
            default:
                return null;
        }
    }

    private static async Task<string?> CreditAsync(LedgerTransaction ledger, Payment payment, PaymentChange.Paid paid, CancellationToken ct)
    {
        payment.PaymentIntentId ??= paid.IntentId;
        if (payment.Status == PaymentStatus.Succeeded) return null;
        if (paid.Currency != StripeApi.Currency || Money.FromMinorUnits(paid.AmountMinor).Nanos != payment.AmountNanos)
            return $"the gateway received {paid.AmountMinor} {paid.Currency}, which is not what was asked for";

        var moved = await ledger.Apply(new Move(payment.AccountId, $"topup:{payment.Id:N}", payment.Id.ToString(),
        [
            new Leg(new AccountRef(LedgerCodes.Clearing, Unit.Money), new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), payment.AmountNanos, "topup"),
        ]), ct);
        if (!moved.IsDone(out var refusal)) return refusal.ToString();
        payment.Status = PaymentStatus.Succeeded;
        payment.SucceededAt = ledger.Now;
        payment.FailureCode = null;
        await InvoiceWriter.Issue(
            ledger, new InvoiceDraft(payment.AccountId, InvoiceKind.TopUp, payment.Id.ToString(), [new("topup", CardOf(payment), payment.AmountNanos)]), ct);
        return null;
    }

    private static async Task<string?> MoveRefundAsync(LedgerTransaction ledger, Payment payment, PaymentChange.RefundMoved moved, CancellationToken ct)
    {
        var refund = await ledger.Db.Refunds.FirstOrDefaultAsync(r => r.PaymentId == payment.Id && (r.Id == moved.RefundId || r.GatewayId == moved.GatewayId), ct);
        if (refund is null) return ForeignRefund;
        refund.GatewayId = moved.GatewayId;
        switch (moved.Status, refund.Status)
        {
            case ("succeeded", RefundStatus.Pending or RefundStatus.Unknown):
                return await ResolveAsync(ledger, payment, refund, RefundStatus.Succeeded, new PostHold(payment.AccountId, refund.Id), null, ct);
            case ("failed" or "canceled", RefundStatus.Pending or RefundStatus.Unknown):
                return await ResolveAsync(ledger, payment, refund, RefundStatus.Failed, new VoidHold(payment.AccountId, refund.Id), moved.FailureCode ?? moved.Status, ct);
            case ("failed" or "canceled", RefundStatus.Succeeded):
                // The bank sent the money back after all: it is the customer's credit again.
                var back = new Move(payment.AccountId, $"refund-back:{refund.Id:N}", refund.Id.ToString(),
                [
                    new Leg(new AccountRef(LedgerCodes.Clearing, Unit.Money), new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), refund.AmountNanos, ReturnedCode),
                ]);
                return await ResolveAsync(ledger, payment, refund, RefundStatus.Failed, back, moved.FailureCode ?? moved.Status, ct);
            case ("pending" or "requires_action", RefundStatus.Unknown):
                refund.Status = RefundStatus.Pending;
                return null;
            default:
                return null;
        }
    }

    /// <summary>Ends a refund that the gateway did not take: the held credit is free again.</summary>
    public static Task<string?> FailRefundAsync(LedgerTransaction ledger, Payment payment, Refund refund, string code, CancellationToken ct) =>
        ResolveAsync(ledger, payment, refund, RefundStatus.Failed, new VoidHold(payment.AccountId, refund.Id), code, ct);

    private static async Task<string?> ResolveAsync(
        LedgerTransaction ledger, Payment payment, Refund refund, RefundStatus status, LedgerCommand command, string? failureCode, CancellationToken ct)
    {
        var applied = await ledger.Apply(command, ct);
        if (!applied.IsDone(out var refusal)) return refusal.ToString();
        if (status == RefundStatus.Failed) payment.RefundedNanos -= refund.AmountNanos;
        refund.Status = status;
        refund.FailureCode = failureCode;
        refund.ResolvedAt = ledger.Now;
        if (status == RefundStatus.Succeeded) await InvoiceWriter.Issue(
            ledger, new InvoiceDraft(payment.AccountId, InvoiceKind.CreditNote, refund.Id.ToString(), [new("refund", CardOf(payment), -refund.AmountNanos)]), ct);
        return null;
    }

    private static string CardOf(Payment payment) => $"{payment.CardBrand} {payment.CardLast4}".Trim();

    private static async Task<string?> FreezeAsync(LedgerTransaction ledger, Payment payment, PaymentChange.DisputeOpened opened, CancellationToken ct)
    {
        var holdId = HoldOf(opened.DisputeId);
        if (await ledger.Db.Holds.AnyAsync(h => h.Id == holdId, ct)) return null;

        // The end may be heard before the beginning.
        if (await ledger.Db.WebhookEvents.AnyAsync(e => e.Type == "charge.dispute.closed" && e.ProcessedAt != null && e.Body.Contains(opened.DisputeId), ct)) return null;
        return await TakeBackAsync(ledger, payment, opened.DisputeId, opened.AmountMinor, holdId, ct);
    }

    private static async Task<string?> UnfreezeAsync(LedgerTransaction ledger, Payment payment, PaymentChange.DisputeClosed closed, CancellationToken ct)
    {
        var holdId = HoldOf(closed.DisputeId);
        var frozen = await ledger.Db.Holds.AnyAsync(h => h.Id == holdId && h.State == HoldState.Open, ct);
        if (!frozen) return closed.Won ? null : await TakeBackAsync(ledger, payment, closed.DisputeId, closed.AmountMinor, null, ct);
        var resolved = await ledger.Apply(closed.Won ? new VoidHold(payment.AccountId, holdId) : new PostHold(payment.AccountId, holdId), ct);
        return resolved.IsDone(out var refusal) ? null : refusal.ToString();
    }

    /// <summary>Takes what is left of the disputed credit, for good or (with a hold) until the dispute ends. What was spent is spent.</summary>
    private static async Task<string?> TakeBackAsync(LedgerTransaction ledger, Payment payment, string disputeId, long amountMinor, Guid? holdId, CancellationToken ct)
    {
        var book = await ledger.Lock(payment.AccountId, ct);
        string[] from = [LedgerCodes.CreditPurchased];
        var amount = Math.Min(Money.FromMinorUnits(amountMinor).Nanos, book!.Available(Unit.Money, from, null, ledger.Now));
        if (amount <= 0) return null;
        var key = holdId is null ? $"dispute-lost:{disputeId}" : $"dispute:{disputeId}";
        var taken = await ledger.Apply(new Draw(
            payment.AccountId, key, payment.Id.ToString(), "dispute", Unit.Money, amount, from, new AccountRef(LedgerCodes.Disputed, Unit.Money), HoldId: holdId), ct);
        return taken.IsDone(out var refusal) ? null : refusal.ToString();
    }

    /// <summary>A dispute has no row of its own; its hold's id follows from its name.</summary>
    private static Guid HoldOf(string disputeId) => new(SHA256.HashData(Encoding.UTF8.GetBytes(disputeId)).AsSpan(0, 16));
}
