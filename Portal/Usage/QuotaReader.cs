using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Usage;

/// <summary>How much of the running quotas was used, from the ledger.</summary>
public static class QuotaReader
{
    private static readonly string[] Quotas = [LedgerCodes.Allowance, LedgerCodes.Pool, LedgerCodes.Seat];

    /// <summary>All of an account, whoever holds it: what was issued, less what is left.</summary>
    public static async Task<IReadOnlyList<QuotaState>> OfAccount(PortalDb db, Guid walletId, DateTimeOffset now, CancellationToken cancel)
    {
        var accounts = await Running(db, walletId, now).Where(a => Quotas.Contains(a.Code)).ToListAsync(cancel);
        var ids = accounts.Select(a => a.Id).ToList();

        // Few rows pass through the issuing account: grants, and what was taken back.
        var issued = await BookedTransfer.History(db, walletId).Where(t => ids.Contains(t.Credit.Id) && t.Debit.Code == LedgerCodes.Issued)
            .GroupBy(t => t.Debit.Unit).Select(g => new { Unit = g.Key, Sum = g.Sum(t => t.Transfer.Amount) }).ToDictionaryAsync(g => g.Unit, g => g.Sum, cancel);
        var returned = await BookedTransfer.History(db, walletId).Where(t => ids.Contains(t.Debit.Id) && t.Credit.Code == LedgerCodes.Issued)
            .GroupBy(t => t.Debit.Unit).Select(g => new { Unit = g.Key, Sum = g.Sum(t => t.Transfer.Amount) }).ToDictionaryAsync(g => g.Unit, g => g.Sum, cancel);
        return State(accounts, unit => issued.GetValueOrDefault(unit) - returned.GetValueOrDefault(unit));
    }

    /// <summary>One seat's allocation: what the seat still has and what it spent.</summary>
    public static async Task<IReadOnlyList<QuotaState>> OfSeat(PortalDb db, Guid walletId, Guid membershipId, DateTimeOffset now, CancellationToken cancel)
    {
        var accounts = await Running(db, walletId, now).Where(a => a.Code == LedgerCodes.Seat && a.SubjectId == membershipId).ToListAsync(cancel);
        var given = await SeatGrants.Read(db, walletId, membershipId, now, cancel);
        return State(accounts, unit => given.GetValueOrDefault((membershipId, unit)));
    }

    private static IQueryable<LedgerAccount> Running(PortalDb db, Guid walletId, DateTimeOffset now) =>
        db.LedgerAccounts.AsNoTracking().Where(a => a.WalletId == walletId && (a.Unit == Unit.Tokens || a.Unit == Unit.Images) && (a.ExpiresAt == null || a.ExpiresAt > now));

    private static List<QuotaState> State(List<LedgerAccount> accounts, Func<Unit, long> granted) =>
    [
        .. from account in accounts
           group account by account.Unit into unit
           let held = unit.Sum(a => a.Held)
           let balance = unit.Sum(a => a.Balance)
           let total = granted(unit.Key)
           where total > 0
           orderby unit.Key
           select new QuotaState(unit.Key, total, total - balance, held, balance - held, unit.Min(a => a.ExpiresAt)),
    ];
}
