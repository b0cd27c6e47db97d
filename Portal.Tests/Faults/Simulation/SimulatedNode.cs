using System.Text.Json;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Tests.Faults.Simulation;

/// <summary>
/// The group commit once more, over a disk in memory that fails when it is told to: the wallets' books are the real ones, kept in memory under a
/// version check, so that thousands of histories are played in a minute. That the real writer does the same is shown on the real databases.
/// </summary>
internal sealed class SimulatedNode(SimulatedDisk disk)
{
    private static readonly Refusal Unavailable = new("ledger.unavailable");
    private static readonly Refusal Unknown = new("ledger.unknown");

    private readonly Dictionary<Guid, (WalletBook Book, long Version)> known = [];

    /// <returns>An answer a command; null where the process died before it gave one.</returns>
    public Outcome<LedgerResult>?[] Commit(IReadOnlyList<LedgerCommand> batch, Fault fault, DateTimeOffset now)
    {
        var wallets = batch.Select(c => c.WalletId).Distinct().Order().ToList();
        try
        {
            return Commit(batch, wallets, fault, now);
        }
        catch (ConstraintException) when (batch.Count > 1)
        {
            foreach (var wallet in wallets) known.Remove(wallet);
            return [.. batch.Select(command => Commit([command], Fault.None, now)[0])];
        }
    }

    private Outcome<LedgerResult>?[] Commit(IReadOnlyList<LedgerCommand> batch, List<Guid> wallets, Fault fault, DateTimeOffset now)
    {
        var transaction = new DiskTransaction(disk);
        var rows = new LedgerRows();
        var books = wallets.ToDictionary(id => id, id => known.TryGetValue(id, out var kept) && kept.Version == disk.Wallets[id].Version ? kept.Book : disk.Load(id, now));
        var recalled = new Dictionary<(Guid, string), IdempotencyRecord>();
        foreach (var command in batch.OfType<KeyedCommand>())
            if (disk.Wallets[command.WalletId].Outcomes.TryGetValue(command.Key, out var outcome)) recalled[(command.WalletId, command.Key)] = outcome;

        var outcomes = new Outcome<LedgerResult>?[batch.Count];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = batch.Count == 1 && batch[i] is HoldPrompt prompt && transaction.Wallet(prompt.WalletId).StateOf(prompt.HoldId) is not null
                ? new Refusal("request.duplicate")
                : Apply(batch[i], books[batch[i].WalletId], rows, transaction, recalled, now);
        disk.Write(rows, transaction);

        var durable = fault is Fault.None or Fault.LostAfter or Fault.UnknownAfter or Fault.CrashAfter;
        if (durable) transaction.Commit(wallets);
        switch (fault)
        {
            case Fault.None or Fault.LostAfter:
                foreach (var (id, book) in books)
                {
                    known[id] = (book, disk.Wallets[id].Version);
                    AssertSame(book, disk.Wallets[id]);
                }

                return outcomes;
            case Fault.CrashBefore or Fault.CrashAfter:
                known.Clear();
                return new Outcome<LedgerResult>?[batch.Count];
            default:
                foreach (var wallet in wallets) known.Remove(wallet);
                return [.. batch.Select(_ => (Outcome<LedgerResult>?)(fault == Fault.LostBefore ? Unavailable : Unknown))];
        }
    }

    private Outcome<LedgerResult> Apply(
        LedgerCommand command, WalletBook book, LedgerRows rows, DiskTransaction transaction, Dictionary<(Guid, string), IdempotencyRecord> recalled, DateTimeOffset now)
    {
        switch (command)
        {
            case KeyedCommand keyed:
                var hash = JsonSerializer.Serialize(keyed, keyed.GetType());
                if (recalled.TryGetValue((keyed.WalletId, keyed.Key), out var stored))
                    return stored.RequestHash == hash ? LedgerJson.ReadResult(stored.Outcome) with { Replayed = true } : new Refusal("idempotency.mismatch");
                var outcome = book.Apply(command, rows, now);
                if (!outcome.IsDone(out _)) return outcome;
                var record = new IdempotencyRecord { WalletId = keyed.WalletId, Key = keyed.Key, RequestHash = hash, Outcome = LedgerJson.Write(outcome.Value), CreatedAt = now };
                recalled.Add((keyed.WalletId, keyed.Key), record);
                rows.Outcomes.Add(record);
                return outcome;
            case HoldCommand hold and not HoldPrompt when !book.IsOpen(hold.HoldId):
                disk.Write(rows, transaction);
                return Replay(hold, transaction.Wallet(hold.WalletId));
            default:
                return book.Apply(command, rows, now);
        }
    }

    private static Outcome<LedgerResult> Replay(HoldCommand command, WalletChange wallet)
    {
        switch (command, wallet.StateOf(command.HoldId))
        {
            case (_, null):
                return Refusal.NotFound;
            case (SettlePrompt settle, HoldState.Posted) when wallet.ReceiptOf(command.HoldId) is { } receipt && receipt.Usage == settle.Usage:
                return new LedgerResult(receipt.Parts, Receipt: receipt, Replayed: true);
            case (PostHold, HoldState.Posted) when wallet.IsPrompt(command.HoldId):
                return new Refusal("hold.prompt");
            case (PostHold, HoldState.Posted) or (VoidHold, HoldState.Voided) or (ExpireHold, HoldState.Expired):
                return new LedgerResult([], Replayed: true);
            default:
                return new Refusal("hold.resolved");
        }
    }

    /// <summary>What stays in memory is what was written, figure by figure.</summary>
    private static void AssertSame(WalletBook book, DurableWallet wallet)
    {
        foreach (var account in book.Accounts)
        {
            var durable = wallet.Accounts[account.Id];
            Promise.Kept((account.Balance, account.Held, account.Floor) == (durable.Balance, durable.Held, durable.Floor), $"{account.Code} is another on disk than in memory");
        }

        foreach (var counter in book.Counters)
            Promise.Kept(wallet.Counters.TryGetValue(counter.Key, out var durable) && (durable.Used, durable.Held) == (counter.Used, counter.Held), $"{counter.Key} is another on disk than in memory");
        Promise.Kept(book.Holds.All(h => wallet.Holds[h.Hold.Id].State == HoldState.Open), $"a hold that is resolved on disk is open in memory");
    }
}
