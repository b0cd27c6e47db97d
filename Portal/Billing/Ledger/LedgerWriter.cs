using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger.Rows;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;

namespace Portal.Billing.Ledger;

/// <summary>The only writer of money and quota rows: commands alone go through the group commit, commands with other rows through a transaction of their own.</summary>
public sealed class LedgerWriter(IDbContextFactory<PortalDb> databases, TimeProvider clock, WalletEvents events)
{
    private readonly ChargeWriter charges = new(databases, clock, events);

    /// <summary>Applies one command; when it returns, the outcome is on disk.</summary>
    /// <param name="cancel">Before the command is taken up it has no effect; after that the outcome is returned all the same.</param>
    /// <returns><c>ledger.busy</c>, <c>ledger.unavailable</c> or <c>ledger.unknown</c> when the database fails: send the same command again.</returns>
    public Task<Outcome<LedgerResult>> Apply(LedgerCommand command, CancellationToken cancel = default) => charges.Apply(command, cancel);

    /// <summary>
    /// Commits commands and the rows that belong to them together. A refusal from <paramref name="work"/> rolls all of it back. Nothing slow may
    /// happen inside: other writers wait.
    /// </summary>
    public async Task<Outcome<T>> Run<T>(Func<LedgerTransaction, Task<Outcome<T>>> work, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        using var writer = RowWriter.For(db.Database.GetDbConnection());
        var ledger = new LedgerTransaction(db, writer, transaction, clock.GetUtcNow());
        var outcome = await work(ledger);
        if (!outcome.IsDone(out _))
        {
            return outcome;
        }

        await db.SaveChangesAsync(cancel);

        // From here on the commit decides, not the caller's patience.
        await LedgerSession.Commit(databases, db, writer, transaction, ledger.Now);
        foreach (var wallet in ledger.Wallets)
        {
            events.Publish(wallet);
        }

        return outcome;
    }
}
