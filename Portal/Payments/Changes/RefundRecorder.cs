using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments.AutoTopUps;
using Portal.Payments.Bonuses;
using Portal.Payments.Disputes;
using Portal.Payments.Refunds;

namespace Portal.Payments.Changes;

/// <summary>
/// The part of <see cref="PaymentRecorder"/> about refunds. A refund moves forward only: its credit is held, then posted or given back. One that was
/// made at the gateway by hand is written down as if it had been asked for here.
/// </summary>
internal static class RefundRecorder
{
    /// <summary>The code of the transfer that gives credit back when a refund bounced.</summary>
    public const string ReturnedCode = "refund.returned";

    /// <summary>The code of the transfer of what a refund paid back although its credit was spent.</summary>
    public const string DifferenceCode = "refund.difference";

    public static async Task<string?> Move(LedgerTransaction ledger, Payment payment, PaymentChange.RefundMoved moved, CancellationToken cancel)
    {
        var refund = await ledger.Db.Refunds.FirstOrDefaultAsync(r => r.PaymentId == payment.Id && (r.Id == moved.RefundId || r.GatewayId == moved.GatewayId), cancel);
        if (refund is null)
        {
            if (moved.Status is "failed" or "canceled") return null;
            if (payment.Status != PaymentStatus.Succeeded) return "a refund of a payment that is not known to be paid";
            (refund, var problem) = await Import(ledger, payment, moved, cancel);
            if (problem is not null) return problem;
        }

        refund!.GatewayId = moved.GatewayId;
        switch (moved.Status, refund.Status)
        {
            case ("succeeded", RefundStatus.Pending or RefundStatus.Unknown):
                return await Succeed(ledger, payment, refund, cancel);
            case ("failed" or "canceled", RefundStatus.Pending or RefundStatus.Unknown):
                return await Fail(ledger, payment, refund, new VoidHold(payment.AccountId, refund.Id), moved.FailureCode ?? moved.Status, cancel);
            case ("failed" or "canceled", RefundStatus.Succeeded):
                return await ComeBack(ledger, payment, refund, moved.FailureCode ?? moved.Status, cancel);
            case ("pending" or "requires_action", RefundStatus.Unknown):
                refund.Status = RefundStatus.Pending;
                return null;
            default:
                return null;
        }
    }

    /// <summary>The gateway did not take it: the held credit is free again.</summary>
    public static async Task<string?> Refuse(LedgerTransaction ledger, Payment payment, PaymentChange.RefundRefused refused, CancellationToken cancel) =>
        await Undecided(ledger, refused.RefundId, cancel) is { } refund
            ? await Fail(ledger, payment, refund, new VoidHold(payment.AccountId, refund.Id), refused.Code, cancel)
            : null;

    public static async Task<string?> Doubt(LedgerTransaction ledger, Payment payment, PaymentChange.RefundUnanswered unanswered, CancellationToken cancel)
    {
        if (await Undecided(ledger, unanswered.RefundId, cancel) is { } refund)
        {
            refund.Status = RefundStatus.Unknown;
        }

        return null;
    }

    private static Task<Refund?> Undecided(LedgerTransaction ledger, Guid id, CancellationToken cancel) =>
        ledger.Db.Refunds.FirstOrDefaultAsync(r => r.Id == id && (r.Status == RefundStatus.Pending || r.Status == RefundStatus.Unknown), cancel);

    /// <summary>
    /// Writes down a refund of the gateway's own dashboard. The money is gone whether or not its credit is unspent: what was spent is written off, where
    /// support sees it, and the credit that is left is taken back.
    /// </summary>
    private static async Task<(Refund? Refund, string? Problem)> Import(LedgerTransaction ledger, Payment payment, PaymentChange.RefundMoved moved, CancellationToken cancel)
    {
        var amount = Money.FromMinorUnits(moved.AmountMinor).Nanos;

        // What waits for a second person was overtaken.
        if (amount > payment.AmountNanos - payment.RefundedNanos && !(await RefundApprovals.Lapse(ledger, payment, cancel)).IsDone(out var stuck))
        {
            return (null, $"{stuck}");
        }

        if (amount <= 0 || amount > payment.AmountNanos - payment.RefundedNanos)
        {
            return (null, $"the gateway refunded {moved.AmountMinor}, which is more than is left of the payment");
        }

        var id = Guid.CreateVersion7(ledger.Now);
        var (credit, book) = (new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), await ledger.Lock(payment.AccountId, cancel));
        var spent = amount - Math.Min(amount, book!.Available(Unit.Money, [credit.Code], null, ledger.Now));
        if (spent > 0)
        {
            var leg = new Leg(new AccountRef(LedgerCodes.WrittenOff, Unit.Money), credit, spent, DifferenceCode);
            if (!(await ledger.Apply(new Move(payment.AccountId, $"refund-difference:{id:N}", $"{id}", [leg]), cancel)).IsDone(out var notWrittenOff))
            {
                return (null, $"{notWrittenOff}");
            }
        }

        var held = await ledger.Apply(
            new Draw(payment.AccountId, $"refund:{id:N}", $"{id}", "refund", Unit.Money, amount, [credit.Code], new AccountRef(LedgerCodes.Clearing, Unit.Money), HoldId: id), cancel);
        if (!held.IsDone(out var refusal))
        {
            return (null, $"{refusal}");
        }

        payment.RefundedNanos += amount;
        await AutoTopUpSwitch.Refunded(ledger, payment, cancel);
        var refund = new Refund
        {
            Id = id, PaymentId = payment.Id, AccountId = payment.AccountId, RequesterId = Guid.Empty, AmountNanos = amount, Reason = moved.GatewayId,
            Status = RefundStatus.Pending, CreatedAt = ledger.Now,
        };
        ledger.Db.Refunds.Add(refund);
        return (await BonusBook.TakeBack(ledger, payment, refund, cancel)).IsDone(out refusal) ? (refund, null) : (null, $"{refusal}");
    }

    private static async Task<string?> Succeed(LedgerTransaction ledger, Payment payment, Refund refund, CancellationToken cancel)
    {
        if (!(await ledger.Apply(new PostHold(payment.AccountId, refund.Id), cancel)).IsDone(out var refusal))
        {
            return $"{refusal}";
        }

        (refund.Status, refund.ResolvedAt) = (RefundStatus.Succeeded, ledger.Now);
        var receipt = $"{payment.Id}";
        var receiptId = await ledger.Db.Invoices.Where(i => i.Kind == InvoiceKind.TopUp && i.Reference == receipt).Select(i => i.Id).SingleAsync(cancel);
        await InvoiceWriter.Issue(ledger, await CreditNotes.Draft(ledger.Db, receiptId, $"{refund.Id}", new Money(refund.AmountNanos), cancel), cancel);
        return null;
    }

    private static async Task<string?> Fail(LedgerTransaction ledger, Payment payment, Refund refund, LedgerCommand giveBack, string code, CancellationToken cancel)
    {
        if (!(await ledger.Apply(giveBack, cancel)).IsDone(out var refusal))
        {
            return $"{refusal}";
        }

        payment.RefundedNanos -= refund.AmountNanos;
        (refund.Status, refund.FailureCode, refund.ResolvedAt) = (RefundStatus.Failed, code, ledger.Now);
        if (!(await BonusBook.GiveBack(ledger, payment, refund, cancel)).IsDone(out refusal))
        {
            return $"{refusal}";
        }

        return await Restore(ledger, payment, refund, cancel) is { } problem ? problem
            : (await DisputeDebt.Repay(ledger, payment.AccountId, $"{refund.Id}", cancel)).IsDone(out refusal) ? null : $"{refusal}";
    }

    /// <summary>The bank sent the money back after all: it is the customer's credit again, and a counter-document cancels the credit note.</summary>
    private static async Task<string?> ComeBack(LedgerTransaction ledger, Payment payment, Refund refund, string code, CancellationToken cancel)
    {
        var back = new Move(payment.AccountId, $"refund-back:{refund.Id:N}", $"{refund.Id}",
        [
            new Leg(new AccountRef(LedgerCodes.Clearing, Unit.Money), new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), refund.AmountNanos, ReturnedCode),
        ]);
        if (await Fail(ledger, payment, refund, back, code, cancel) is { } problem)
        {
            return problem;
        }

        var reference = $"{refund.Id}";
        var note = await ledger.Db.Invoices.AsNoTracking().Include(i => i.Lines).SingleAsync(i => i.Kind == InvoiceKind.CreditNote && i.Reference == reference, cancel);
        await InvoiceWriter.Issue(ledger, CreditNotes.Reversal(note, ReturnedCode), cancel);
        return null;
    }

    /// <summary>What was written off for a refund that did not happen is no loss.</summary>
    private static async Task<string?> Restore(LedgerTransaction ledger, Payment payment, Refund refund, CancellationToken cancel)
    {
        var reference = $"{refund.Id}";
        var spent = await ledger.Db.Transfers.Where(t => t.WalletId == payment.AccountId && t.Reference == reference && t.Code == DifferenceCode).SumAsync(t => t.Amount, cancel);
        if (spent == 0)
        {
            return null;
        }

        var leg = new Leg(new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), new AccountRef(LedgerCodes.WrittenOff, Unit.Money), spent, DifferenceCode);
        return (await ledger.Apply(new Move(payment.AccountId, $"refund-restored:{refund.Id:N}", reference, [leg]), cancel)).IsDone(out var refusal) ? null : $"{refusal}";
    }
}
