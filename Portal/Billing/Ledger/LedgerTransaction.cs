using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger;

/// <summary>
/// Commands and other rows that are committed together. Locks each wallet that it touches until the commit; whoever
/// touches several must do so in the order of their ids.
/// </summary>
public sealed class LedgerTransaction
{
    private readonly Dictionary<Guid, WalletBook> books = [];

    internal LedgerTransaction(PortalDb db, DateTimeOffset now)
    {
        Db = db;
        Now = now;
    }

    /// <summary>For the rows that belong to the commands; saved and committed with them.</summary>
    public PortalDb Db { get; }

    public DateTimeOffset Now { get; }

    internal IReadOnlyCollection<Guid> Wallets => books.Keys;

    /// <summary>Applies one command. A refusal leaves the wallet unchanged; the transaction may go on.</summary>
    public async Task<Outcome<LedgerResult>> Apply(LedgerCommand command, CancellationToken cancel = default)
    {
        if (await Lock(command.WalletId, cancel) is not { } book)
        {
            return Refusal.NotFound;
        }

        if (command is not KeyedCommand keyed)
        {
            return await Apply(book, command, cancel);
        }

        var hash = HashOf(keyed);
        var stored = Db.IdempotencyRecords.Local.FirstOrDefault(r => r.WalletId == keyed.WalletId && r.Key == keyed.Key)
            ?? await Db.IdempotencyRecords.AsNoTracking().FirstOrDefaultAsync(r => r.WalletId == keyed.WalletId && r.Key == keyed.Key, cancel);
        if (stored is not null)
        {
            return stored.RequestHash == hash
                ? JsonSerializer.Deserialize<LedgerResult>(stored.Outcome)! with { Replayed = true }
                : new Refusal("idempotency.mismatch");
        }

        var outcome = await Apply(book, command, cancel);
        if (outcome.IsDone(out _))
        {
            Db.IdempotencyRecords.Add(new IdempotencyRecord
            {
                WalletId = keyed.WalletId, Key = keyed.Key, RequestHash = hash, Outcome = JsonSerializer.Serialize(outcome.Value), CreatedAt = Now,
            });
        }

        return outcome;
    }

    /// <summary>The wallet as it is in this transaction, locked; null when there is no such account.</summary>
    public async Task<WalletBook?> Lock(Guid walletId, CancellationToken cancel = default)
    {
        if (books.TryGetValue(walletId, out var book))
        {
            return book;
        }

        // The update takes the row's lock on every engine; what is read after it is the latest committed state.
        var locked = await Db.Accounts.Where(a => a.Id == walletId)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.WalletVersion, a => a.WalletVersion + 1), cancel);
        if (locked == 0)
        {
            return null;
        }

        book = await WalletLoader.Load(Db, walletId, Now, tracked: true, cancel);
        books.Add(walletId, book);
        return book;
    }

    private async Task<Outcome<LedgerResult>> Apply(WalletBook book, LedgerCommand command, CancellationToken cancel)
    {
        var holdId = command switch
        {
            HoldPrompt c => c.HoldId,
            SettlePrompt c => c.HoldId,
            PostHold c => c.HoldId,
            VoidHold c => c.HoldId,
            ExpireHold c => c.HoldId,
            _ => (Guid?)null,
        };
        var hold = holdId is { } id ? await LoadHold(command.WalletId, id, cancel) : null;
        var outcome = book.Apply(command, hold, Now);
        Db.AddRange(book.NewAccounts);
        Db.AddRange(book.NewTransfers);
        Db.AddRange(book.NewHolds);
        Db.AddRange(book.NewCounters);
        book.NewAccounts.Clear();
        book.NewTransfers.Clear();
        book.NewHolds.Clear();
        book.NewCounters.Clear();

        // The next command of this transaction may name what this one made.
        await Db.SaveChangesAsync(cancel);
        return outcome;
    }

    private async Task<HeldTransfers?> LoadHold(Guid walletId, Guid holdId, CancellationToken cancel)
    {
        if (await Db.Holds.FirstOrDefaultAsync(h => h.Id == holdId && h.WalletId == walletId, cancel) is not { } hold)
        {
            return null;
        }

        var pending = await Db.Transfers.Include(t => t.Debit).Include(t => t.Credit)
            .Where(t => t.HoldId == holdId && t.Kind == TransferKind.Pending).OrderBy(t => t.Id).ToListAsync(cancel);
        return new HeldTransfers(hold, pending);
    }

    private static string HashOf(KeyedCommand command) =>
        Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(command, command.GetType())));
}
