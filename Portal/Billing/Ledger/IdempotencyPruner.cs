using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Billing.Ledger;

/// <summary>Forgets the outcomes of old idempotency keys.</summary>
public sealed class IdempotencyPruner(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <summary>A retry after this long is a new request; keys of top-ups and periods are guarded by their own rows too.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <returns>How many were forgotten.</returns>
    public async Task<int> Prune(CancellationToken cancel = default)
    {
        var before = clock.GetUtcNow() - Kept;
        await using var db = databases.CreateDbContext();
        return await db.IdempotencyRecords.Where(r => r.CreatedAt < before).ExecuteDeleteAsync(cancel);
    }
}
