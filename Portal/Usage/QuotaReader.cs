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
    private static readonly string[] Issuers = [LedgerCodes.Issued, .. Quotas];

    /// <summary>All of an account, whoever holds it: what was issued, less what is left.</summary>
    public static async Task<IReadOnlyList<QuotaState>> OfAccount(PortalDb db, Guid walletId, DateTimeOffset now, CancellationToken cancel)
    {
        var accounts = await OfPlan(db, walletId, await Running(db, walletId, now).Where(a => Quotas.Contains(a.Code)).ToListAsync(cancel), cancel);
        var extended = await AddExtended(db, walletId, accounts, cancel);
        var ids = accounts.Select(a => a.Id).ToList();

        // Few rows pass through other accounts: grants, what seats were given of a period that ended early, and what was taken back.
        var issued = await BookedTransfer.History(db, walletId).Where(t => ids.Contains(t.Credit.Id) && !ids.Contains(t.Debit.Id) && Issuers.Contains(t.Debit.Code))
            .GroupBy(t => t.Debit.Unit).Select(g => new { Unit = g.Key, Sum = g.Sum(t => t.Transfer.Amount) }).ToDictionaryAsync(g => g.Unit, g => g.Sum, cancel);
        var returned = await BookedTransfer.History(db, walletId).Where(t => ids.Contains(t.Debit.Id) && !ids.Contains(t.Credit.Id) && Issuers.Contains(t.Credit.Code))
            .GroupBy(t => t.Debit.Unit).Select(g => new { Unit = g.Key, Sum = g.Sum(t => t.Transfer.Amount) }).ToDictionaryAsync(g => g.Unit, g => g.Sum, cancel);
        return State(accounts, extended, unit => issued.GetValueOrDefault(unit) - returned.GetValueOrDefault(unit));
    }

    /// <summary>One seat's allocation: what the seat still has and what it spent.</summary>
    public static async Task<IReadOnlyList<QuotaState>> OfSeat(PortalDb db, Guid walletId, Guid membershipId, DateTimeOffset now, CancellationToken cancel)
    {
        var accounts = await Running(db, walletId, now).Where(a => a.Code == LedgerCodes.Seat && a.SubjectId == membershipId).ToListAsync(cancel);
        var extended = await AddExtended(db, walletId, accounts, cancel);
        var given = await SeatGrants.Read(db, walletId, membershipId, now, cancel);
        return State(accounts, extended, unit => given.GetValueOrDefault((membershipId, unit)));
    }

    private static IQueryable<LedgerAccount> Running(PortalDb db, Guid walletId, DateTimeOffset now) =>
        db.LedgerAccounts.AsNoTracking().Where(a => a.WalletId == walletId && (a.Unit == Unit.Tokens || a.Unit == Unit.Images) && (a.ExpiresAt == null || a.ExpiresAt > now));

    /// <summary>Without what a period had that was left before its end: nothing of it can be used any more, but for what seats were given.</summary>
    private static async Task<List<LedgerAccount>> OfPlan(PortalDb db, Guid walletId, List<LedgerAccount> accounts, CancellationToken cancel)
    {
        var plan = accounts.Count == 0 ? null : await db.Subscriptions.AsNoTracking().Where(s => s.AccountId == walletId && s.Status != SubscriptionStatus.Incomplete)
            .OrderBy(s => s.Status == SubscriptionStatus.Canceled).Select(s => new { s.Status, s.PeriodEnd }).FirstOrDefaultAsync(cancel);
        return plan is null ? accounts : accounts.FindAll(a => a.Code == LedgerCodes.Seat || a.ExpiresAt is null || (a.ExpiresAt == plan.PeriodEnd && plan.Status != SubscriptionStatus.Canceled));
    }

    /// <summary>Adds the accounts that the staff have moved on to these, with more days: what was issued and used of them is the same quota's.</summary>
    /// <returns>Of all that were moved on, the ids: nothing lies there any more.</returns>
    private static async Task<HashSet<long>> AddExtended(PortalDb db, Guid walletId, List<LedgerAccount> accounts, CancellationToken cancel)
    {
        var moves = accounts.Count == 0 ? [] : await BookedTransfer.History(db, walletId).Where(t => t.Transfer.Code == TransferCodes.PlanExtended)
            .OrderByDescending(t => t.Transfer.Id).Select(t => new { t.Debit, CreditId = t.Credit.Id }).ToListAsync(cancel);
        foreach (var move in moves.Where(m => accounts.Exists(a => a.Id == m.CreditId)).Where(m => !accounts.Exists(a => a.Id == m.Debit.Id)))
        {
            accounts.Add(move.Debit);
        }

        return [.. moves.Select(m => m.Debit.Id)];
    }

    private static List<QuotaState> State(List<LedgerAccount> accounts, HashSet<long> extended, Func<Unit, long> granted) =>
    [
        .. from account in accounts
           group account by account.Unit into unit
           let held = unit.Sum(a => a.Held)
           let balance = unit.Sum(a => a.Balance)
           let total = granted(unit.Key)
           where total > 0
           orderby unit.Key
           select new QuotaState(unit.Key, total, total - balance, held, balance - held, unit.Where(a => !extended.Contains(a.Id)).Min(a => a.ExpiresAt)),
    ];
}
