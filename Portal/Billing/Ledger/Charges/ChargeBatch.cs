using Portal.Billing.Ledger.Rows;
using Portal.Billing.Ledger.Wallets;

namespace Portal.Billing.Ledger.Charges;

/// <summary>
/// The commands of one commit. Those that a book in memory can answer are applied as they come, while the commit before is still on its way to the disk;
/// the others wait for this commit's own transaction. Nobody is answered before the commit.
/// </summary>
internal sealed class ChargeBatch
{
    private readonly LedgerRows rows = new();
    private readonly HashSet<Guid> awaited = [];

    /// <summary>With their outcomes, which count only if every wallet is found as it was supposed.</summary>
    public List<(ChargeRequest Request, Outcome<LedgerResult> Outcome)> Applied { get; } = [];

    /// <summary>To be applied in the transaction.</summary>
    public List<ChargeRequest> Waiting { get; } = [];

    /// <summary>The wallets that are in memory, by the version that they must have before the commit.</summary>
    public Dictionary<Guid, KnownWallet> Known { get; } = [];

    /// <summary>What the applied commands made, once nothing more is added.</summary>
    public SealedRows? Rows { get; private set; }

    public int Count => Applied.Count + Waiting.Count;

    public IEnumerable<ChargeRequest> Requests => Applied.Select(a => a.Request).Concat(Waiting);

    /// <summary>Wallets of the waiting commands: nobody else may use their books until the commit is over.</summary>
    public IReadOnlySet<Guid> Awaited => awaited;

    public void Wait(ChargeRequest request)
    {
        Waiting.Add(request);
        awaited.Add(request.Command.WalletId);
    }

    /// <returns>Whether it is the batch's first command on this wallet.</returns>
    public bool Apply(ChargeRequest request, KnownWallet wallet, DateTimeOffset now)
    {
        Applied.Add((request, wallet.Book.Apply(request.Command, rows, now)));
        return Known.TryAdd(wallet.Book.WalletId, wallet);
    }

    public void Seal() => Rows = SealedRows.Take(rows);

    /// <summary>What was applied was applied to books that were wrong: all of it waits now.</summary>
    public void Restart()
    {
        var all = Requests.ToList();
        rows.Clear();
        Applied.Clear();
        Known.Clear();
        Waiting.Clear();
        all.ForEach(Wait);
    }
}
