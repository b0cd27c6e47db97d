using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Payments.Disputes;

/// <summary>
/// What lost disputes took beyond the credit that was left: the account owes it. Purchased credit pays it as soon as there is any, before it can be spent
/// or paid out; granted credit and a plan's quota go on as they are.
/// </summary>
public static class DisputeDebt
{
    private static readonly AccountRef Debt = new(LedgerCodes.Owed, Unit.Money);

    /// <summary>What an account owes now: 0 or more.</summary>
    public static Money Owed(WalletBook book) => new(-book.Accounts.Where(a => a.Code == LedgerCodes.Owed).Sum(a => a.Balance));

    /// <summary>As it was written last.</summary>
    public static async Task<Money> Owed(PortalDb db, Guid accountId, CancellationToken cancel) =>
        new(-await db.LedgerAccounts.Where(a => a.WalletId == accountId && a.Code == LedgerCodes.Owed).SumAsync(a => a.Balance, cancel));

    /// <summary>Pays what is owed out of the purchased credit that there is. Call it after something has brought such credit.</summary>
    /// <param name="source">What brought it; for each once.</param>
    public static async Task<Outcome<Done>> Repay(LedgerTransaction transaction, Guid accountId, string source, CancellationToken cancel)
    {
        var book = (await transaction.Lock(accountId, cancel))!;
        var amount = Math.Min(Owed(book).Nanos, book.Available(Unit.Money, [LedgerCodes.CreditPurchased], null, transaction.Now));
        if (amount <= 0) return default(Done);
        var leg = new Leg(new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), Debt, amount, TransferCodes.OwedRepaid);
        return (await transaction.Apply(new Move(accountId, $"owed-repaid:{source}", source, [leg]), cancel)).IsDone(out var refusal) ? default(Done) : refusal;
    }

    /// <summary>Books what a lost dispute leaves owing, once, and pays of it what can be paid at once.</summary>
    internal static async Task<Outcome<Done>> Book(LedgerTransaction transaction, Dispute dispute, CancellationToken cancel)
    {
        if (dispute.SpentNanos == 0) return default(Done);
        var leg = new Leg(Debt, new AccountRef(LedgerCodes.Disputed, Unit.Money), dispute.SpentNanos, TransferCodes.DisputeOwed);
        var owed = await transaction.Apply(new Move(dispute.AccountId, $"dispute-owed:{dispute.Id}", dispute.Id, [leg]), cancel);
        return owed.IsDone(out var refusal) ? await Repay(transaction, dispute.AccountId, dispute.Id, cancel) : refusal;
    }
}
