using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Billing.Ledger.Rows;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;

namespace Portal.Billing.Ledger;

/// <summary>
/// Commands and other rows that are committed together. Locks each wallet that it touches until the commit; whoever touches several must do so in
/// the order of their ids.
/// </summary>
public sealed class LedgerTransaction
{
    private readonly LedgerSession session;

    internal LedgerTransaction(PortalDb db, RowWriter writer, IDbContextTransaction transaction, DateTimeOffset now)
    {
        Db = db;
        session = new LedgerSession(db, writer, transaction.GetDbTransaction(), now);
    }

    /// <summary>For the rows that belong to the commands; saved and committed with them.</summary>
    public PortalDb Db { get; }

    public DateTimeOffset Now => session.Now;

    internal IEnumerable<Guid> Wallets => session.Versions.Keys;

    /// <summary>Applies one command. A refusal leaves the wallet unchanged; the transaction may go on.</summary>
    public async Task<Outcome<LedgerResult>> Apply(LedgerCommand command, CancellationToken cancel = default) => (await Apply([command], cancel))[0];

    /// <summary>Applies commands one after the other; what they make is written together. A refusal of one leaves the others as they are.</summary>
    public async Task<IReadOnlyList<Outcome<LedgerResult>>> Apply(IReadOnlyList<LedgerCommand> commands, CancellationToken cancel = default)
    {
        // What follows may name rows that the caller has only added.
        await Db.SaveChangesAsync(cancel);
        await Lock(commands.Select(c => c.WalletId), cancel);
        await session.Recall([.. commands.OfType<KeyedCommand>()]);
        var outcomes = new List<Outcome<LedgerResult>>(commands.Count);
        foreach (var command in commands)
        {
            outcomes.Add(command is HoldPrompt prompt && await session.IsKnown(prompt) ? new Refusal("request.duplicate") : await session.Apply(command));
        }

        await session.Flush();
        return outcomes;
    }

    /// <summary>The wallet as it is in this transaction, locked; null when there is no such account.</summary>
    public async Task<WalletBook?> Lock(Guid walletId, CancellationToken cancel = default)
    {
        await Lock([walletId], cancel);
        return session.Books.GetValueOrDefault(walletId);
    }

    /// <summary>Locks wallets that are not locked yet, all at once and in the order of their ids.</summary>
    public async Task Lock(IEnumerable<Guid> walletIds, CancellationToken cancel = default)
    {
        var more = walletIds.Where(id => !session.Books.ContainsKey(id)).Distinct().Order().ToList();
        if (more.Count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            await session.Lock(more);
        }
    }
}
