using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Rows;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;

namespace Portal.Commands.Bench;

/// <summary>
/// The rows of charges through the same prepared statements in batches: the limit of the ledger's tables on this database and disk. Only the
/// writing is timed; the rows are made between, with no queue and no callers.
/// </summary>
internal sealed class BareCharges(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <param name="charge">Makes the hold of a charge and what settles it.</param>
    /// <param name="batch">Charges in one commit of holds and the one of settles after it.</param>
    /// <param name="span">How long to write.</param>
    /// <returns>Charges per second, whole.</returns>
    public async Task<decimal> Measure(
        Guid[] wallets, Func<Guid, Random, (HoldPrompt Hold, SettlePrompt Settle)> charge, int batch, TimeSpan span, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        await db.Database.OpenConnectionAsync(cancel);
        using var writer = RowWriter.For(db.Database.GetDbConnection());
        var books = (await WalletLoader.Load(db, wallets, clock.GetUtcNow(), cancel)).ToDictionary(b => b.WalletId, b => new KnownWallet(b, 0));
        var random = new Random(1);
        var (done, busy) = (0L, TimeSpan.Zero);
        while (busy < span)
        {
            var charges = Enumerable.Range(0, batch).Select(_ => charge(wallets[random.Next(wallets.Length)], random)).ToList();
            busy += await Commit(db, writer, books, charges.ConvertAll<LedgerCommand>(c => c.Hold), cancel);
            busy += await Commit(db, writer, books, charges.ConvertAll<LedgerCommand>(c => c.Settle), cancel);
            done += batch;
        }

        return decimal.Round(done / (decimal)busy.TotalSeconds);
    }

    private async Task<TimeSpan> Commit(
        PortalDb db, RowWriter writer, Dictionary<Guid, KnownWallet> books, List<LedgerCommand> commands, CancellationToken cancel)
    {
        var rows = new LedgerRows();
        foreach (var command in commands)
        {
            ChargeBench.Check(books[command.WalletId].Book.Apply(command, rows, clock.GetUtcNow()));
        }

        var made = SealedRows.Take(rows);
        var start = clock.GetTimestamp();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var open = transaction.GetDbTransaction();
        foreach (var (wallet, version) in await writer.Lock([.. commands.Select(c => c.WalletId).Distinct().Order()], open, books))
        {
            books[wallet] = books[wallet] with { Version = version };
        }

        await LedgerTables.Write(db, writer, open, made);
        await writer.Mark(Guid.CreateVersion7(clock.GetUtcNow()), LedgerTables.Micros(clock.GetUtcNow()), open);
        await transaction.CommitAsync(cancel);
        return clock.GetElapsedTime(start);
    }
}
