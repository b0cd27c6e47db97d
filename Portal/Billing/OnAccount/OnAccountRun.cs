using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Periods;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.OnAccount;

/// <summary>Writes each account's statement when a month is over, reminds before it is due, and blocks what is overdue; each account in a transaction of its own.</summary>
public sealed class OnAccountRun(
    IDbContextFactory<PortalDb> databases, LedgerWriter ledger, OnAccountLetters letters, IOptions<OnAccountOptions> options, ILogger<OnAccountRun> logger)
{
    private static readonly TimeSpan ReminderBefore = TimeSpan.FromDays(3);

    /// <returns>How many statements were written, or moved on.</returns>
    public async Task<int> Run(CancellationToken cancel = default)
    {
        List<Guid> accounts;
        await using (var db = databases.CreateDbContext())
        {
            accounts = await db.LedgerAccounts.AsNoTracking().Where(a => a.Code == LedgerCodes.Postpaid && (a.Floor < 0 || a.Balance < 0)).Select(a => a.WalletId)
                .Union(db.PostpaidStatements.Where(s => s.PaidAt == null).Select(s => s.AccountId)).ToListAsync(cancel);
        }

        return await EachAlone.Run(
            accounts, logger, async account => (await ledger.Run<int>(async transaction => await One(transaction, account, cancel), cancel)).Value, cancel);
    }

    private async Task<int> One(LedgerTransaction transaction, Guid accountId, CancellationToken cancel)
    {
        await transaction.Lock(accountId, cancel);
        var overdue = await OpenStatements.Settle(transaction, accountId, judge: true, cancel);
        foreach (var statement in overdue)
        {
            await letters.Tell(transaction, statement, "Overdue", cancel);
        }

        var soon = transaction.Now + ReminderBefore;
        var reminded = await transaction.Db.PostpaidStatements
            .Where(s => s.AccountId == accountId && s.PaidAt == null && s.OverdueAt == null && s.RemindedAt == null && s.DueAt <= soon).ToListAsync(cancel);
        foreach (var statement in reminded)
        {
            statement.RemindedAt = transaction.Now;
            await letters.Tell(transaction, statement, "Reminder", cancel);
        }

        return overdue.Count + reminded.Count + (await Issue(transaction, accountId, cancel) ? 1 : 0);
    }

    private async Task<bool> Issue(LedgerTransaction transaction, Guid accountId, CancellationToken cancel)
    {
        var zone = await PaidPeriod.ZoneOf(transaction.Db, accountId, cancel);
        var month = LocalDays.MonthOf(transaction.Now, zone).AddMonths(-1).ToString("yyyy-MM", CultureInfo.InvariantCulture);
        var last = await transaction.Db.PostpaidStatements.AsNoTracking().Where(s => s.AccountId == accountId).OrderByDescending(s => s.Month).FirstOrDefaultAsync(cancel);
        if (string.CompareOrdinal(last?.Month, month) >= 0)
        {
            return false;
        }

        // An account that was never looked at before has had no month on account yet: its statements begin with the running one.
        var owed = last is null ? 0 : OpenStatements.Owed((await transaction.Lock(accountId, cancel))!);
        var repaid = last is null ? 0 : await OpenStatements.Credited(transaction.Db, last, cancel);
        var lastTransfer = await transaction.Db.Transfers.Where(t => t.WalletId == accountId && t.Code != TransferCodes.Prompt).MaxAsync(t => (long?)t.Id, cancel) ?? 0;
        var statement = new PostpaidStatement
        {
            AccountId = accountId, Month = month, IssuedAt = transaction.Now, LastTransferId = lastTransfer, BeforeNanos = last?.OwedNanos ?? 0, RepaidNanos = repaid, OwedNanos = owed,
            UsedNanos = owed - (last?.OwedNanos ?? 0) + repaid, DueAt = transaction.Now.AddDays(options.Value.DueDays), PaidAt = owed == 0 ? transaction.Now : null,
        };
        transaction.Db.PostpaidStatements.Add(statement);
        if (owed == 0)
        {
            return false;
        }

        await letters.Tell(transaction, statement, "Issued", cancel);
        statement.InvoiceId = (await InvoiceWriter.Issue(transaction, StatementDraft.Of(statement), cancel)).Id;
        return true;
    }
}
