using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Billing.Ledger.Rows;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger;

/// <summary>
/// One open transaction on the ledger: locks wallets, applies commands to them in memory, writes the rows. Every change of money and quota goes
/// through it, alone (<see cref="LedgerTransaction"/>) or with others (<see cref="ChargeWriter"/>).
/// </summary>
internal sealed class LedgerSession(PortalDb db, RowWriter writer, DbTransaction transaction, DateTimeOffset now)
{
    private readonly Dictionary<Guid, WalletBook> books = [];
    private readonly Dictionary<(Guid Wallet, string Key), IdempotencyRecord> outcomes = [];
    private readonly LedgerRows rows = new();

    public DateTimeOffset Now { get; } = now;

    /// <summary>The versions that the commit gives to the wallets that it changes.</summary>
    public Dictionary<Guid, long> Versions { get; } = [];

    public IReadOnlyDictionary<Guid, WalletBook> Books => books;

    /// <summary>Locks wallets and reads those that are not known in their latest version.</summary>
    /// <param name="wallets">In ascending order, without those that are locked already.</param>
    /// <param name="known">Books of earlier sessions by the version that they had at its end.</param>
    /// <returns>The wallets that were read.</returns>
    public async Task<IReadOnlyList<Guid>> Lock(IReadOnlyList<Guid> wallets, IReadOnlyDictionary<Guid, KnownWallet>? known = null)
    {
        var stale = new List<Guid>();
        foreach (var (id, version) in await writer.Lock(wallets, transaction, known))
        {
            Versions.Add(id, version);
            if (known is not null && known.TryGetValue(id, out var kept) && kept.Version == version - 1)
            {
                books.Add(id, kept.Book);
            }
            else
            {
                stale.Add(id);
            }
        }

        await Load(stale);
        return stale;
    }

    /// <summary>Reads wallets that are locked, whether they are known or not.</summary>
    public async Task Load(IReadOnlyList<Guid> wallets)
    {
        var there = wallets.Where(Versions.ContainsKey).ToList();
        if (there.Count > 0)
        {
            foreach (var book in await WalletLoader.Load(db, there, Now))
            {
                books[book.WalletId] = book;
            }
        }
    }

    /// <summary>Reads the stored outcomes of keyed commands, all at once.</summary>
    public async Task Recall(IReadOnlyList<KeyedCommand> commands)
    {
        if (commands.Count == 0)
        {
            return;
        }

        var wallets = commands.Select(c => c.WalletId).Distinct().ToList();
        var keys = commands.Select(c => c.Key).Distinct().ToList();
        var stored = db.IdempotencyRecords.AsNoTracking().Where(r => wallets.Contains(r.WalletId) && keys.Contains(r.Key));
        foreach (var record in await stored.ToListAsync())
        {
            outcomes.TryAdd((record.WalletId, record.Key), record);
        }
    }

    /// <summary>Applies one command to a locked wallet. A refusal leaves the wallet unchanged; the session may go on.</summary>
    public async ValueTask<Outcome<LedgerResult>> Apply(LedgerCommand command)
    {
        if (!books.TryGetValue(command.WalletId, out var book))
        {
            return Refusal.NotFound;
        }

        return command switch
        {
            KeyedCommand keyed => Apply(book, keyed),
            HoldCommand hold and not HoldPrompt when !book.IsOpen(hold.HoldId) => await Replay(hold),
            _ => book.Apply(command, rows, Now),
        };
    }

    /// <summary>Whether a hold of this id was ever made: such a prompt is refused.</summary>
    public async Task<bool> IsKnown(HoldPrompt prompt) => await db.Holds.AnyAsync(h => h.Id == prompt.HoldId);

    /// <summary>Writes what the commands made; the commit itself does so at the latest.</summary>
    public Task Write() => Write(SealedRows.Take(rows));

    /// <summary>Writes rows that were made before the wallets were locked, and suit them.</summary>
    public Task Write(SealedRows? made) => made is null ? Task.CompletedTask : LedgerTables.Write(db, writer, transaction, made);

    /// <summary>As <see cref="Write"/>, and from now on the transaction's queries find it.</summary>
    public async Task Flush()
    {
        await Write();
        await writer.Flush(transaction);
    }

    private Outcome<LedgerResult> Apply(WalletBook book, KeyedCommand command)
    {
        var hash = Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(command, command.GetType())));
        if (outcomes.TryGetValue((command.WalletId, command.Key), out var stored))
        {
            return stored.RequestHash == hash ? LedgerJson.ReadResult(stored.Outcome) with { Replayed = true } : new Refusal("idempotency.mismatch");
        }

        var outcome = book.Apply(command, rows, Now);
        if (outcome.IsDone(out _))
        {
            var record = new IdempotencyRecord
            {
                WalletId = command.WalletId, Key = command.Key, RequestHash = hash, Outcome = LedgerJson.Write(outcome.Value), CreatedAt = Now,
            };
            outcomes.Add((command.WalletId, command.Key), record);
            rows.Outcomes.Add(record);
        }

        return outcome;
    }

    /// <summary>A command on a hold that is resolved: the first outcome when the command is the one that resolved it, else a refusal.</summary>
    private async Task<Outcome<LedgerResult>> Replay(HoldCommand command)
    {
        // What this session resolved is not in the database yet.
        await Flush();
        var hold = await db.Holds.AsNoTracking().Where(h => h.Id == command.HoldId && h.WalletId == command.WalletId)
            .Select(h => new { h.State, IsPrompt = h.Quote != null }).FirstOrDefaultAsync();
        switch (command, hold?.State)
        {
            case (_, null):
                return Refusal.NotFound;
            case (SettlePrompt settle, HoldState.Posted):
                var json = await db.UsageRecords.AsNoTracking().Where(u => u.Id == command.HoldId).Select(u => u.Receipt).FirstOrDefaultAsync();
                return json is not null && LedgerJson.ReadReceipt(json) is var receipt && receipt.Usage == settle.Usage
                    ? new LedgerResult(receipt.Parts, Receipt: receipt, Replayed: true)
                    : new Refusal("hold.resolved");
            case (PostHold, HoldState.Posted) when hold!.IsPrompt:
                return new Refusal("hold.prompt");
            case (PostHold, HoldState.Posted) or (VoidHold, HoldState.Voided) or (ExpireHold, HoldState.Expired):
                return new LedgerResult([], Replayed: true);
            default:
                return new Refusal("hold.resolved");
        }
    }

    /// <summary>Commits, and finds out whether it did when the database does not answer.</summary>
    /// <returns>Whether the connection can be used on; the commit took place in either case. An exception: it did not.</returns>
    public static async Task<bool> Commit(IDbContextFactory<PortalDb> databases, PortalDb db, RowWriter writer, IDbContextTransaction transaction, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        await writer.Mark(id, LedgerTables.Micros(now), transaction.GetDbTransaction());
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
            return true;
        }
        catch (Exception e) when (LedgerFailure.LeavesDoubt(e))
        {
            writer.Dispose();
            await db.DisposeAsync();
            if (!await LedgerFailure.TookPlace(databases, id, now, e))
            {
                throw;
            }

            return false;
        }
    }
}
