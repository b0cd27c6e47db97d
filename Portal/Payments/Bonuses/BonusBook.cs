using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Payments.Bonuses;

/// <summary>What happens to a payment's bonus when the payment goes back, or is contested. See <see cref="TopUpBonus"/> for the rule.</summary>
internal static class BonusBook
{
    /// <summary>What of a payment's bonus was spent, and so lowers what can be refunded of the payment.</summary>
    /// <param name="book">The wallet of the payment's account.</param>
    public static async Task<Money> Spent(PortalDb db, WalletBook book, Payment payment, CancellationToken cancel) => payment.BonusNanos == 0
        ? Money.Zero
        : new Money(Math.Max(0, payment.BonusNanos - await Taken(db, payment, Guid.Empty, cancel) - Unspent(book, payment)));

    /// <summary>What a refund would take of the bonus, and of the purchased credit for what of the bonus was spent.</summary>
    public static async Task<Money> Due(PortalDb db, WalletBook book, Payment payment, Money amount, CancellationToken cancel)
    {
        if (payment.BonusNanos == 0 || amount <= Money.Zero)
        {
            return Money.Zero;
        }

        var (bonus, spent) = TopUpBonus.TakeBack(
            payment.AmountNanos, payment.BonusNanos, payment.RefundedNanos, await Taken(db, payment, Guid.Empty, cancel), Unspent(book, payment), amount.Nanos);
        return new Money(bonus) + new Money(spent);
    }

    /// <summary>Takes back what a refund takes of the bonus, and writes it down with the refund. Call it after the refund's credit is held.</summary>
    /// <param name="payment">With the refund in what was refunded of it.</param>
    public static async Task<Outcome<Done>> TakeBack(LedgerTransaction transaction, Payment payment, Refund refund, CancellationToken cancel)
    {
        if (payment.BonusNanos == 0)
        {
            return default(Done);
        }

        var book = (await transaction.Lock(payment.AccountId, cancel))!;
        var taken = await Taken(transaction.Db, payment, refund.Id, cancel);
        var (bonus, spent) = TopUpBonus.TakeBack(
            payment.AmountNanos, payment.BonusNanos, payment.RefundedNanos - refund.AmountNanos, taken, Unspent(book, payment), refund.AmountNanos);

        // Of a refund that was made at the gateway by hand there may be less left than it should cost.
        spent = Math.Min(spent, book.Available(Unit.Money, [LedgerCodes.CreditPurchased], null, transaction.Now));
        (refund.BonusNanos, refund.BonusSpentNanos) = (bonus, spent);
        return await Move(transaction, payment, refund, "bonus-back", (from, to, amount) => new Leg(from, to, amount, TransferCodes.TopUpBonusBack), cancel);
    }

    /// <summary>The refund did not happen after all: its part of the bonus is there again.</summary>
    public static Task<Outcome<Done>> GiveBack(LedgerTransaction transaction, Payment payment, Refund refund, CancellationToken cancel) =>
        Move(transaction, payment, refund, "bonus-again", (from, to, amount) => new Leg(to, from, amount, TransferCodes.TopUpBonusBack), cancel);

    /// <summary>Freezes the bonus of the disputed part of a payment, as far as it is unspent, until <see cref="Unfreeze"/>.</summary>
    /// <returns>What of that bonus was spent: it is owed out of the purchased credit, as it is when a payment is refunded.</returns>
    public static async Task<Outcome<Money>> Freeze(LedgerTransaction transaction, Payment payment, Dispute dispute, CancellationToken cancel)
    {
        if (payment.BonusNanos == 0)
        {
            return Money.Zero;
        }

        var book = (await transaction.Lock(payment.AccountId, cancel))!;
        var (left, spent) = TopUpBonus.TakeBack(
            payment.AmountNanos, payment.BonusNanos, payment.RefundedNanos, await Taken(transaction.Db, payment, Guid.Empty, cancel), Unspent(book, payment),
            Math.Min(dispute.AmountNanos, payment.AmountNanos - payment.RefundedNanos));
        if (left <= 0)
        {
            return new Money(spent);
        }

        var taken = await transaction.Apply(new Draw(
            payment.AccountId, $"bonus-frozen:{dispute.Id}", $"{payment.Id}", "dispute", Unit.Money, left, [LedgerCodes.CreditGranted],
            new AccountRef(LedgerCodes.Disputed, Unit.Money), FromSubject: payment.Id, HoldId: dispute.BonusHoldId), cancel);
        return taken.IsDone(out var refusal) ? new Money(spent) : refusal;
    }

    /// <summary>The dispute is over: what was frozen of the bonus is free again, or gone.</summary>
    public static async Task<Outcome<Done>> Unfreeze(LedgerTransaction transaction, Payment payment, Dispute dispute, bool won, CancellationToken cancel)
    {
        var hold = dispute.BonusHoldId;
        if (!await transaction.Db.Holds.AnyAsync(h => h.Id == hold && h.State == HoldState.Open, cancel))
        {
            return default(Done);
        }

        var resolved = await transaction.Apply(won ? new VoidHold(payment.AccountId, hold) : new PostHold(payment.AccountId, hold), cancel);
        return resolved.IsDone(out var refusal) ? default(Done) : refusal;
    }

    private static async Task<Outcome<Done>> Move(
        LedgerTransaction transaction, Payment payment, Refund refund, string key, Func<AccountRef, AccountRef, long, Leg> leg, CancellationToken cancel)
    {
        var issued = new AccountRef(LedgerCodes.Issued, Unit.Money);
        (AccountRef From, long Amount)[] parts =
        [
            (new AccountRef(LedgerCodes.CreditGranted, Unit.Money, payment.Id), refund.BonusNanos), (new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), refund.BonusSpentNanos),
        ];
        List<Leg> legs = [.. parts.Where(p => p.Amount > 0).Select(p => leg(p.From, issued, p.Amount))];
        if (legs.Count == 0)
        {
            return default(Done);
        }

        var moved = await transaction.Apply(new Move(payment.AccountId, $"{key}:{refund.Id:N}", $"{refund.Id}", legs), cancel);
        return moved.IsDone(out var refusal) ? default(Done) : refusal;
    }

    private static long Unspent(WalletBook book, Payment payment) =>
        book.Accounts.Where(a => a.Code == LedgerCodes.CreditGranted && a.SubjectId == payment.Id).Sum(a => a.Balance - a.Held);

    private static Task<long> Taken(PortalDb db, Payment payment, Guid but, CancellationToken cancel) => db.Refunds
        .Where(r => r.PaymentId == payment.Id && r.Id != but && r.Status != RefundStatus.Failed && r.Status != RefundStatus.Rejected)
        .SumAsync(r => r.BonusNanos + r.BonusSpentNanos, cancel);
}
