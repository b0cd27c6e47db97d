using Microsoft.EntityFrameworkCore;
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
/// The part of <see cref="PaymentRecorder"/> about disputes. What is unspent of a disputed payment is frozen until the bank has decided, then gone or
/// the customer's again. An end that was heard stays, whatever is heard after it.
/// </summary>
internal static class DisputeRecorder
{
    public static async Task<string?> Write(LedgerTransaction ledger, Payment payment, PaymentChange.Disputed told, CancellationToken cancel)
    {
        // The payment itself was not heard of yet; the event is tried again after it.
        if (payment.Status != PaymentStatus.Succeeded) return "a dispute of a payment that is not known to be paid";
        var dispute = await ledger.Db.Disputes.FirstOrDefaultAsync(d => d.Id == told.DisputeId, cancel);
        if (dispute is null)
        {
            dispute = new Dispute
            {
                Id = told.DisputeId, PaymentId = payment.Id, AccountId = payment.AccountId, AmountNanos = Money.FromMinorUnits(told.AmountMinor).Nanos,
                Reason = told.Reason, OpenedAt = ledger.Now,
            };
            ledger.Db.Disputes.Add(dispute);
            await AutoTopUpSwitch.Contested(ledger, payment, cancel);
            if (told.Status != DisputeStatus.Won)
            {
                // What waits for a second person holds what is to be frozen.
                if (Problem(await RefundApprovals.Lapse(ledger, payment, cancel)) is { } held) return held;
                if (await Freeze(ledger, payment, dispute, cancel) is { } problem) return problem;
            }
        }
        if (dispute.ClosedAt is not null) return null;
        dispute.DueAt = told.DueAt ?? dispute.DueAt;

        // Evidence that was sent is not unsent by an older event that comes late.
        if (told.Status == DisputeStatus.NeedsResponse) return null;
        dispute.Status = told.Status;
        if (told.Status == DisputeStatus.UnderReview) return null;
        dispute.ClosedAt = ledger.Now;
        var won = told.Status == DisputeStatus.Won;
        if (!(await BonusBook.Unfreeze(ledger, payment, dispute, won, cancel)).IsDone(out var stuck)) return $"{stuck}";
        if (dispute.FrozenNanos > 0
            && Problem(await ledger.Apply(won ? new VoidHold(dispute.AccountId, dispute.HoldId) : new PostHold(dispute.AccountId, dispute.HoldId), cancel)) is { } unresolved) return unresolved;

        // Also where it was switched on again meanwhile: what is owed is not charged to a card with nobody there.
        if (!won) await AutoTopUpSwitch.Contested(ledger, payment, cancel);

        // What is won may pay for what was lost before.
        return Problem(won ? await DisputeDebt.Repay(ledger, dispute.AccountId, dispute.Id, cancel) : await DisputeDebt.Book(ledger, dispute, cancel));
    }

    /// <summary>
    /// What was spent of the payment, and of its bonus, is taken of whatever purchased credit there is; what is not there is owed when the dispute is lost.
    /// One hold for both, so that a dispute that is won gives back exactly what it took.
    /// </summary>
    private static async Task<string?> Freeze(LedgerTransaction ledger, Payment payment, Dispute dispute, CancellationToken cancel)
    {
        if (!(await BonusBook.Freeze(ledger, payment, dispute, cancel)).IsDone(out var refusal, out var spentBonus)) return $"{refusal}";
        var book = await ledger.Lock(dispute.AccountId, cancel);
        string[] from = [LedgerCodes.CreditPurchased];
        var wanted = dispute.AmountNanos + spentBonus.Nanos;
        dispute.FrozenNanos = Math.Min(wanted, book!.Available(Unit.Money, from, null, ledger.Now));
        dispute.SpentNanos = wanted - dispute.FrozenNanos;
        return dispute.FrozenNanos <= 0 ? null : Problem(await ledger.Apply(new Draw(
            dispute.AccountId, $"dispute:{dispute.Id}", $"{dispute.PaymentId}", "dispute", Unit.Money, dispute.FrozenNanos, from,
            new AccountRef(LedgerCodes.Disputed, Unit.Money), HoldId: dispute.HoldId), cancel));
    }

    private static string? Problem<T>(Outcome<T> outcome) => outcome.IsDone(out var refusal) ? null : $"{refusal}";
}
