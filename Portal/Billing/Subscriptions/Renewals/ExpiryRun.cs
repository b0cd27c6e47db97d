using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Subscriptions.Renewals;

/// <summary>Releases holds that nobody resolved in time and books back what is left on accounts past their expiry.</summary>
public sealed partial class ExpiryRun(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, TimeProvider clock, ILogger<ExpiryRun> logger)
{
    /// <summary>More than a clock is corrected by between two runs.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromMinutes(1);

    private readonly Lock looks = new();
    private (DateTimeOffset At, long Stamp)? last;
    private long? jumped;

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
        var steady = Steady(now);
        await using var db = databases.CreateDbContext();
        var over = await db.Holds.AsNoTracking().Where(h => h.State == HoldState.Open && h.ExpiresAt <= now)
            .OrderBy(h => h.ExpiresAt).Select(h => new { h.WalletId, h.Id, h.CreatedAt, h.ExpiresAt }).ToListAsync(cancel);
        var abandoned = over.Where(h => h.ExpiresAt - h.CreatedAt <= steady).Select(h => new { h.WalletId, h.Id });
        // Refused when its prompt was settled in this moment after all.
        return await EachAlone.Run(abandoned, logger, async hold => (await ledger.Apply(new ExpireHold(hold.WalletId, hold.Id), cancel)).IsDone(out _), cancel);
    }

    /// <summary>
    /// For how long the clock has not been set ahead, as far as this process saw: a prompt that runs counts its time by a clock that cannot be set, and
    /// its hold must not end before it because the time of day did. Without a jump: for ever.
    /// </summary>
    private TimeSpan Steady(DateTimeOffset now)
    {
        lock (looks)
        {
            var stamp = clock.GetTimestamp();
            if (last is { } before && now - before.At - clock.GetElapsedTime(before.Stamp, stamp) > Jump)
            {
                jumped = stamp;
            }

            last = (now, stamp);
            return jumped is { } since ? clock.GetElapsedTime(since, stamp) : TimeSpan.MaxValue;
        }
    }

    private async Task<int> BookAccounts(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var wallets = await db.LedgerAccounts.AsNoTracking().Where(a => a.ExpiresAt <= now && a.Floor == 0 && a.Balance > a.Held)
            .Select(a => a.WalletId).Distinct().ToListAsync(cancel);
        return await EachAlone.Run(wallets, logger, async wallet => (await ledger.Apply(new BookExpiry(wallet), cancel)).IsDone(out _), cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Expired {Holds} holds and the leftovers of {Wallets} wallets")]
        public static partial void Expired(ILogger logger, int holds, int wallets);
    }
}
