using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Subscriptions.Renewals;

/// <summary>Releases holds that nobody resolved in time and books back what is left on accounts past their expiry.</summary>
public sealed partial class ExpiryRun(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, TimeProvider clock, ILogger<ExpiryRun> logger)
{
    /// <returns>Holds released, and wallets that something was booked back from.</returns>
    public async Task<(int Holds, int Wallets)> Run(CancellationToken cancel = default)
    {
        // Holds first: what they release of an expired account is booked back in the same run.
        var holds = await ExpireHolds(cancel);
        var wallets = await BookAccounts(cancel);
        if (holds + wallets > 0)
        {
            Log.Expired(logger, holds, wallets);
        }

        return (holds, wallets);
    }

    private async Task<int> ExpireHolds(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var abandoned = await db.Holds.AsNoTracking().Where(h => h.State == HoldState.Open && h.ExpiresAt <= now)
            .OrderBy(h => h.ExpiresAt).Select(h => new { h.WalletId, h.Id }).ToListAsync(cancel);
        var released = 0;
        foreach (var hold in abandoned)
        {
            // Refused when its prompt was settled in this moment after all.
            released += await One(hold.WalletId, new ExpireHold(hold.WalletId, hold.Id), cancel) ? 1 : 0;
        }

        return released;
    }

    private async Task<int> BookAccounts(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var wallets = await db.LedgerAccounts.AsNoTracking().Where(a => a.ExpiresAt <= now && a.Floor == 0 && a.Balance > a.Held)
            .Select(a => a.WalletId).Distinct().ToListAsync(cancel);
        foreach (var wallet in wallets)
        {
            await One(wallet, new BookExpiry(wallet), cancel);
        }

        return wallets.Count;
    }

    /// <summary>One wallet's trouble must not keep the others waiting; the next run tries it again.</summary>
    private async Task<bool> One(Guid wallet, LedgerCommand command, CancellationToken cancel)
    {
        try
        {
            return (await ledger.Apply(command, cancel)).IsDone(out _);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.Failed(logger, wallet, failure);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Expiry in wallet {Wallet} failed")]
        public static partial void Failed(ILogger logger, Guid wallet, Exception failure);

        [LoggerMessage(LogLevel.Information, "Expired {Holds} holds and the leftovers of {Wallets} wallets")]
        public static partial void Expired(ILogger logger, int holds, int wallets);
    }
}
