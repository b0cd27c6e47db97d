using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger;

/// <summary>
/// A transfer and the accounts that it moves between. The database has no foreign keys for them: it would look up again what the ledger has just
/// locked and changed, four times a charge. Nothing else writes transfers, and <c>verify</c> proves each one's accounts.
/// </summary>
public sealed class BookedTransfer
{
    public required Transfer Transfer { get; init; }

    public required LedgerAccount Debit { get; init; }

    public required LedgerAccount Credit { get; init; }

    /// <summary>What moved in a wallet besides its prompts, which are its usage records.</summary>
    public static IQueryable<BookedTransfer> History(PortalDb db, Guid walletId) =>
        from t in db.Transfers.AsNoTracking()
        where t.WalletId == walletId && t.Code != TransferCodes.Prompt
        join debit in db.LedgerAccounts on t.DebitId equals debit.Id
        join credit in db.LedgerAccounts on t.CreditId equals credit.Id
        select new BookedTransfer { Transfer = t, Debit = debit, Credit = credit };
}
