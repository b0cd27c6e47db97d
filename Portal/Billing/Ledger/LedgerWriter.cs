using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Billing.Ledger;

/// <summary>The only writer of money and quota rows.</summary>
public sealed class LedgerWriter(IDbContextFactory<PortalDb> databases, TimeProvider clock, WalletEvents events)
{
    /// <summary>Applies one command in a transaction of its own; when it returns, the outcome is on disk.</summary>
    public Task<Outcome<LedgerResult>> Apply(LedgerCommand command, CancellationToken cancel = default) =>
        Run(transaction => transaction.Apply(command, cancel), cancel);

    /// <summary>
    /// Commits commands and the rows that belong to them together. A refusal from <paramref name="work"/> rolls all of
    /// it back. Nothing slow may happen inside: other writers wait.
    /// </summary>
    public async Task<Outcome<T>> Run<T>(Func<LedgerTransaction, Task<Outcome<T>>> work, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var ledger = new LedgerTransaction(db, clock.GetUtcNow());
        var outcome = await work(ledger);
        if (!outcome.IsDone(out _))
        {
            return outcome;
        }

        await db.SaveChangesAsync(cancel);

        // From here on the commit decides, not the caller's patience.
        await transaction.CommitAsync(CancellationToken.None);
        foreach (var wallet in ledger.Wallets)
        {
            events.Publish(wallet);
        }

        return outcome;
    }
}
