using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.OnAccount;

/// <summary>What an account owes for use on account.</summary>
public sealed class OnAccountReader(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    private const int StatementsMost = 12;

    /// <returns>Null for an account that pays before it uses, and always has.</returns>
    public async Task<Outcome<OnAccountView?>> Read(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.ManageBilling) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var book = await WalletLoader.Load(db, caller.AccountId, clock.GetUtcNow(), cancel);
        var rows = await db.PostpaidStatements.AsNoTracking().Where(s => s.AccountId == caller.AccountId && s.OwedNanos > 0).OrderByDescending(s => s.IssuedAt).Take(StatementsMost).ToListAsync(cancel);
        var (owed, blocked) = (OpenStatements.Owed(book), rows.Find(r => r.BlockedLimitNanos is not null));
        var limit = blocked?.BlockedLimitNanos ?? OpenStatements.Limit(book);
        if (limit == 0 && owed == 0 && rows.Count == 0)
        {
            return (OnAccountView?)null;
        }

        var statements = new List<OnAccountView.Statement>();
        foreach (var row in rows)
        {
            statements.Add(new OnAccountView.Statement(
                row.Month, row.IssuedAt, new Money(row.BeforeNanos), new Money(row.UsedNanos), new Money(row.RepaidNanos), new Money(row.OwedNanos),
                new Money(await OpenStatements.Left(db, row, cancel)), row.DueAt, row is { OverdueAt: not null, PaidAt: null }, row.InvoiceId));
        }

        return new OnAccountView(new Money(limit), new Money(owed), blocked is not null, statements);
    }
}
