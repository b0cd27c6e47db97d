using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Prompts;

namespace Portal.Prompts.Batches.Work;

/// <summary>Which batch this node works on: a batch is one node's at a time, and another's when that one has not been heard of for twenty seconds.</summary>
public sealed class BatchLeases(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    /// <summary>This node, since it started.</summary>
    private readonly Guid node = Guid.NewGuid();

    /// <summary>Takes the batch that waited longest, other than these; null: there is none.</summary>
    /// <param name="runFrom">No lines may run but those of batches that came by then: of the others only one that has something else to do is taken. Null: all may.</param>
    internal async Task<Batch?> Take(IReadOnlyCollection<Guid> except, DateTimeOffset? runFrom, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        for (; ; )
        {
            var now = clock.GetUtcNow();
            var free = db.Batches.Where(b => b.EndedAt == null && b.LeasedUntil <= now);
            if (runFrom is { } from)
            {
                free = free.Where(b => b.Status != BatchStatus.InProgress || b.CreatedAt <= from || b.Completed + b.Failed >= b.Total);
            }

            var next = await free.Where(b => !except.Contains(b.Id)).OrderBy(b => b.WorkedAt).Select(b => (Guid?)b.Id).FirstOrDefaultAsync(cancel);
            if (next is not { } id)
            {
                return null;
            }

            var taken = await free.Where(b => b.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(b => b.LeasedBy, node).SetProperty(b => b.LeasedUntil, now + Length).SetProperty(b => b.WorkedAt, now), cancel);
            if (taken == 1)
            {
                return await db.Batches.AsNoTracking().SingleAsync(b => b.Id == id, cancel);
            }
        }
    }

    /// <returns>The status it has now; null: it is this node's no longer.</returns>
    internal async Task<BatchStatus?> Renew(Guid batchId, CancellationToken cancel)
    {
        var until = clock.GetUtcNow() + Length;
        await using var db = databases.CreateDbContext();
        var mine = db.Batches.Where(b => b.Id == batchId && b.LeasedBy == node);
        return await mine.ExecuteUpdateAsync(set => set.SetProperty(b => b.LeasedUntil, until), cancel) == 1
            ? await mine.Select(b => (BatchStatus?)b.Status).FirstOrDefaultAsync(cancel)
            : null;
    }

    internal async Task Release(Guid batchId)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await db.Batches.Where(b => b.Id == batchId && b.LeasedBy == node)
            .ExecuteUpdateAsync(set => set.SetProperty(b => b.LeasedBy, (Guid?)null).SetProperty(b => b.LeasedUntil, now), CancellationToken.None);
    }
}
