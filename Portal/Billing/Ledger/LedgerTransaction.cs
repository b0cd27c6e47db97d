using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Billing.Ledger.Rows;
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
    public async Task<Outcome<LedgerResult>> Apply(LedgerCommand command, CancellationToken cancel = default)
    {
        // What follows may name rows that the caller has only added.
        await Db.SaveChangesAsync(cancel);
        if (await Lock(command.WalletId, cancel) is null)
        {
            return Refusal.NotFound;
        }

        if (command is HoldPrompt prompt && await session.IsKnown(prompt))
        {
            return new Refusal("request.duplicate");
        }

        await session.Recall(command is KeyedCommand keyed ? [keyed] : []);
        var outcome = await session.Apply(command);
        await session.Flush();
        return outcome;
    }

    /// <summary>The wallet as it is in this transaction, locked; null when there is no such account.</summary>
    public async Task<WalletBook?> Lock(Guid walletId, CancellationToken cancel = default)
    {
        if (!session.Books.ContainsKey(walletId))
        {
            cancel.ThrowIfCancellationRequested();
            await session.Lock([walletId]);
        }

        return session.Books.GetValueOrDefault(walletId);
    }
}
