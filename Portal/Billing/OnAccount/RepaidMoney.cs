using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data.Billing;

namespace Portal.Billing.OnAccount;

/// <summary>
/// Money that goes back to what paid it. Back on account it lowers what is owed and no more: whatever of it was repaid since is money that the customer
/// has paid in, and becomes purchased credit.
/// </summary>
public static class RepaidMoney
{
    /// <param name="book">The wallet as it is before anything goes back.</param>
    /// <param name="source">What paid it.</param>
    /// <param name="code">Of the leg back to the source.</param>
    /// <param name="repaid">Of the leg of what has been repaid since.</param>
    public static IEnumerable<Leg> Legs(WalletBook book, AccountRef from, AccountRef source, long amount, string code, string repaid)
    {
        var own = source.Code == LedgerCodes.Postpaid ? Math.Max(0, amount - OpenStatements.Owed(book)) : 0;
        if (amount > own)
        {
            yield return new Leg(from, source, amount - own, code);
        }

        if (own > 0)
        {
            yield return new Leg(from, new AccountRef(LedgerCodes.CreditPurchased, source.Unit), own, repaid);
        }
    }
}
