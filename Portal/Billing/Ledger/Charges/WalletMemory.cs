using Portal.Billing.Ledger.Wallets;

namespace Portal.Billing.Ledger.Charges;

/// <summary>
/// The books that are kept from commit to commit, each as it is when everything applied to it is committed. Not for several threads: the books of waiting
/// commands are lent to their commit and given back after it.
/// </summary>
internal sealed class WalletMemory
{
    private const int Most = 20_000;

    private readonly Dictionary<Guid, KnownWallet> known = [];
    private IReadOnlySet<Guid> lent = new HashSet<Guid>();

    /// <summary>Applies a command to the book that is in memory, or lets it wait for the batch's transaction.</summary>
    public void Add(ChargeBatch batch, ChargeRequest request, DateTimeOffset now)
    {
        if (request.Command is not HoldCommand command || lent.Contains(command.WalletId) || batch.Awaited.Contains(command.WalletId)
            || !known.TryGetValue(command.WalletId, out var wallet) || !(command is HoldPrompt || wallet.Book.IsOpen(command.HoldId)))
        {
            batch.Wait(request);
            return;
        }

        try
        {
            if (batch.Apply(request, wallet, now))
            {
                known[command.WalletId] = wallet with { Version = wallet.Version + 1 };
            }
        }
        catch (Exception)
        {
            // A bug, which may have left the book half changed. In the transaction it meets a book from the database and only its own caller.
            Forget(batch);
            known.Remove(command.WalletId);
            batch.Restart();
            batch.Wait(request);
        }
    }

    /// <summary>Nothing more is added to the batch: its commit begins.</summary>
    public void Lend(ChargeBatch batch)
    {
        foreach (var id in batch.Awaited)
        {
            if (known.TryGetValue(id, out var wallet))
            {
                batch.Known.TryAdd(id, wallet);
            }
        }

        lent = batch.Awaited;
        batch.Seal();
    }

    /// <summary>The commit is over.</summary>
    /// <param name="next">What has been applied meanwhile.</param>
    public void TakeBack(ChargeBatch batch, ChargeOutcome outcome, ChargeBatch next)
    {
        lent = new HashSet<Guid>();
        if (outcome.Astray)
        {
            Forget(batch);
            Forget(next);
            next.Restart();
        }

        if (known.Count > Most)
        {
            known.Clear();
            foreach (var (id, wallet) in next.Known)
            {
                known[id] = wallet with { Version = wallet.Version + 1 };
            }
        }

        foreach (var wallet in outcome.Books)
        {
            known[wallet.Book.WalletId] = wallet;
        }
    }

    private void Forget(ChargeBatch batch)
    {
        foreach (var id in batch.Known.Keys.Concat(batch.Awaited))
        {
            known.Remove(id);
        }
    }
}
