using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Billing.Ledger;

/// <summary>Forgets the outcomes of old idempotency keys, the markers of old commits, and what daily caps counted on days that are over.</summary>
public sealed class IdempotencyPruner(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <summary>A retry after this long is a new request; keys of top-ups and periods are guarded by their own rows too.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Whoever lost the answer of a commit asks within seconds.</summary>
    public static readonly TimeSpan MarkersKept = TimeSpan.FromDays(1);

    /// <summary>After this a day is over in every time zone.</summary>
    private static readonly TimeSpan DayCountersKept = TimeSpan.FromDays(2);

    /// <returns>How many outcomes were forgotten.</returns>
    public async Task<int> Prune(CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await db.LedgerCommits.Where(c => c.At < now - MarkersKept).ExecuteDeleteAsync(cancel);

        // What a prompt of that day still holds is kept for its settle. A book in memory that knows a forgotten count writes the whole of it, or none.
        var oldest = UsageWindows.DayCountersFrom(now - DayCountersKept);
        await db.Counters.Where(c => c.Held == 0 && c.Key.StartsWith(UsageWindows.DayCounters) && c.Key.CompareTo(oldest) < 0).ExecuteDeleteAsync(cancel);
        return await db.IdempotencyRecords.Where(r => r.CreatedAt < now - Kept).ExecuteDeleteAsync(cancel);
    }
}
