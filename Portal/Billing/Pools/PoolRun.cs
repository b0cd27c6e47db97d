using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Pools;

/// <summary>Charges pools whose period is over, each in a transaction of its own, and tries again those that could not be paid until their grace is over.</summary>
public sealed class PoolRun(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, PoolLetters letters, TimeProvider clock, ILogger<PoolRun> logger)
{
    /// <summary>From the first attempt that somebody could not pay until the pool ends.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(14);

    /// <returns>How many pools changed.</returns>
    public async Task<int> Run(CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        List<Guid> due;
        await using (var db = databases.CreateDbContext())
        {
            due = await db.ComputePools.AsNoTracking().Where(p => p.State == ComputePoolState.Unpaid || (p.State == ComputePoolState.Running && p.PeriodEnd <= now))
                .OrderBy(p => p.PeriodEnd).Select(p => p.Id).ToListAsync(cancel);
        }

        return await EachAlone.Run(due, logger, id => One(id, cancel), cancel);
    }

    private async Task<bool> One(Guid id, CancellationToken cancel)
    {
        var outcome = await ledger.Run<bool>(async transaction =>
        {
            // Read after the wallets were locked: of two schedulers the second finds nothing to do.
            var pool = await PoolPeriods.Lock(transaction, id, cancel);
            var now = transaction.Now;
            if (pool is null or { State: ComputePoolState.Ended or ComputePoolState.Forming } or { State: ComputePoolState.Running, PeriodEnd: null } || (pool.State == ComputePoolState.Running && pool.PeriodEnd > now))
            {
                return false;
            }

            if (pool.Ending || (pool.UnpaidSince is { } since && now - since >= Grace))
            {
                await End(transaction, pool, letters, cancel);
                return true;
            }

            return await PoolPeriods.Open(transaction, pool, cancel) || await Pause(transaction, pool, letters, cancel);
        }, cancel);
        return outcome.Value;
    }

    /// <returns>Whether that is new.</returns>
    internal static async Task<bool> Pause(LedgerTransaction transaction, ComputePool pool, PoolLetters letters, CancellationToken cancel)
    {
        if (pool.State == ComputePoolState.Unpaid)
        {
            return false;
        }

        (pool.State, pool.UnpaidSince) = (ComputePoolState.Unpaid, transaction.Now);
        await letters.Unpaid(transaction, pool, cancel);
        return true;
    }

    internal static Task End(LedgerTransaction transaction, ComputePool pool, PoolLetters letters, CancellationToken cancel)
    {
        (pool.State, pool.EndedAt) = (ComputePoolState.Ended, transaction.Now);
        return letters.Ended(transaction, pool, cancel);
    }
}
