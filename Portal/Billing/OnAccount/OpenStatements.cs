using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.OnAccount;

/// <summary>
/// Statements that wait for their money. What is repaid or given back pays the oldest first; as long as one is overdue the account's limit is what it owes, so that
/// nothing more can be used on account, and the limit that was agreed comes back with the payment.
/// </summary>
public static class OpenStatements
{
    /// <summary>What an account owes now: nanos, 0 or more.</summary>
    public static long Owed(WalletBook book) => Math.Max(0, -Account(book)?.Balance ?? 0);

    /// <summary>What of a statement is still to be paid: never more than what the account owes, whose debt goes down by nothing else.</summary>
    public static async Task<long> Left(PortalDb db, PostpaidStatement statement, CancellationToken cancel) =>
        statement.PaidAt is not null ? 0 : Math.Max(0, statement.OwedNanos - await Credited(db, statement, cancel));

    /// <summary>What was repaid, or given back, since a statement.</summary>
    public static Task<long> Credited(PortalDb db, PostpaidStatement since, CancellationToken cancel) =>
        Credits(db).Where(t => t.WalletId == since.AccountId && t.Id > since.LastTransferId).SumAsync(t => t.Amount, cancel);

    /// <summary>What has lowered debts on account: top-ups, and charges and fees that went back.</summary>
    public static IQueryable<Transfer> Credits(PortalDb db) => db.Transfers
        .Where(t => t.Code != TransferCodes.Prompt && t.Kind != TransferKind.Pending && db.LedgerAccounts.Any(a => a.Id == t.CreditId && a.Code == LedgerCodes.Postpaid));

    /// <summary>Settles what has been paid, blocks what is overdue, and frees the limit again. Call it after what was owed has changed.</summary>
    /// <param name="judge">Whether what has become due is overdue from now on: for the job, which tells the account.</param>
    /// <returns>Those that have become overdue.</returns>
    public static async Task<IReadOnlyList<PostpaidStatement>> Settle(LedgerTransaction transaction, Guid accountId, bool judge, CancellationToken cancel)
    {
        var open = await transaction.Db.PostpaidStatements.Include(s => s.Invoice).Where(s => s.AccountId == accountId && s.PaidAt == null).OrderBy(s => s.IssuedAt).ToListAsync(cancel);
        var found = new List<PostpaidStatement>();
        if (open.Count == 0)
        {
            return found;
        }

        var book = (await transaction.Lock(accountId, cancel))!;
        var agreed = open.Find(s => s.BlockedLimitNanos is not null)?.BlockedLimitNanos ?? Limit(book);
        foreach (var statement in open)
        {
            if (await Left(transaction.Db, statement, cancel) == 0)
            {
                statement.PaidAt = transaction.Now;
                statement.Invoice?.Settle(null, transaction.Now);
            }
            else if (judge && statement.OverdueAt is null && statement.DueAt <= transaction.Now)
            {
                statement.OverdueAt = transaction.Now;
                found.Add(statement);
            }
        }

        await Limit(transaction, accountId, open, agreed, found.Count > 0, cancel);
        return found;
    }

    /// <summary>Set by an administrator: what was blocked is so no more.</summary>
    public static Task Agreed(PortalDb db, Guid accountId, CancellationToken cancel) => db.PostpaidStatements
        .Where(s => s.AccountId == accountId && s.BlockedLimitNanos != null).ExecuteUpdateAsync(set => set.SetProperty(s => s.BlockedLimitNanos, (long?)null), cancel);

    internal static long Limit(WalletBook book) => -(Account(book)?.Floor ?? 0);

    private static async Task Limit(LedgerTransaction transaction, Guid accountId, List<PostpaidStatement> open, long agreed, bool more, CancellationToken cancel)
    {
        var wasBlocked = open.Exists(s => s.BlockedLimitNanos is not null);
        var overdue = open.FindAll(s => s is { OverdueAt: not null, PaidAt: null });

        // An administrator who agreed on a limit after the block meant it: only what is overdue since then blocks again.
        var blocks = overdue.Count > 0 && (wasBlocked || more);
        foreach (var statement in open)
        {
            statement.BlockedLimitNanos = blocks && overdue.Contains(statement) ? agreed : null;
        }

        if (blocks || wasBlocked)
        {
            var account = Account((await transaction.Lock(accountId, cancel))!);
            var used = account is null ? 0 : Math.Max(0, account.Held - account.Balance);
            _ = (await transaction.Apply(new SetPostpaidLimit(accountId, blocks ? used : Math.Max(agreed, used)), cancel)).Value;
        }
    }

    private static LedgerAccount? Account(WalletBook book) => book.Accounts.FirstOrDefault(a => a.Code == LedgerCodes.Postpaid);
}
