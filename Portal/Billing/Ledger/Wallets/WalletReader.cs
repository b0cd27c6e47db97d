using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger.Wallets;

/// <summary>A wallet's figures for pages; every one is read from the ledger.</summary>
public sealed class WalletReader(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <summary>Balances by account, without contra accounts; what expired is not listed.</summary>
    public async Task<WalletView> Read(Guid walletId, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var accounts = await db.LedgerAccounts.AsNoTracking()
            .Where(a => a.WalletId == walletId && a.Floor != null && (a.ExpiresAt == null || a.ExpiresAt > now))
            .OrderBy(a => a.Code).ThenBy(a => a.ExpiresAt)
            .Select(a => new WalletAccount(a.Code, a.Unit, a.SubjectId, a.Balance, a.Held, a.ExpiresAt, a.Floor!.Value)).ToListAsync(cancel);
        return new WalletView(walletId, accounts);
    }

    /// <summary>What this prompt would hold at worst, by the hold's own arithmetic; nothing is reserved.</summary>
    public async Task<(HoldQuote Quote, Refusal? Missing)> Preview(HoldPrompt prompt, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var book = await WalletLoader.Load(db, prompt.WalletId, now, cancel);
        var quote = book.QuoteOf(prompt, now, out _, out var missing);
        return (quote, missing);
    }

    /// <summary>The newest transfers of a wallet; those of prompts are its usage records.</summary>
    public async Task<IReadOnlyList<TransferView>> History(Guid walletId, int most, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return await BookedTransfer.History(db, walletId).Where(b => b.Transfer.Amount > 0 && b.Transfer.Kind != TransferKind.Pending)
            .OrderByDescending(b => b.Transfer.At).ThenByDescending(b => b.Transfer.Id).Take(most)
            .Select(b => new TransferView(
                b.Transfer.Id, b.Transfer.At, b.Transfer.Code, b.Transfer.Reference, b.Debit.Code, b.Credit.Code, b.Debit.Unit, b.Transfer.Amount)).ToListAsync(cancel);
    }
}
