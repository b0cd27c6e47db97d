using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Support;

namespace Portal.Support.Audit;

/// <summary>
/// Chains the audit's entries soon after they were written. Not with the deed: a chain has one end, and every deed of the portal would wait there for
/// the one before.
/// </summary>
public sealed class AuditSealer(IDbContextFactory<PortalDb> databases)
{
    /// <summary>Entries a transaction: other writers of the database wait no longer than that.</summary>
    private const int BatchMax = 200;

    /// <returns>How many entries were sealed.</returns>
    public async Task<int> Seal(CancellationToken cancel = default)
    {
        var (all, some) = (0, BatchMax);
        while (some == BatchMax)
        {
            some = await SealSome(cancel);
            all += some;
        }

        return all;
    }

    private async Task<int> SealSome(CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        if (!await db.AuditEntries.AnyAsync(a => a.Sequence == null, cancel))
        {
            return 0;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // Changes nothing but locks the row: a second sealer waits here and goes on where this one ends.
        await db.AuditHeads.ExecuteUpdateAsync(set => set.SetProperty(h => h.Sequence, h => h.Sequence), cancel);
        var head = await db.AuditHeads.SingleAsync(h => h.Id == AuditHead.Key, cancel);
        var open = await db.AuditEntries.Where(a => a.Sequence == null).OrderBy(a => a.Id).Take(BatchMax).ToListAsync(cancel);
        foreach (var entry in open)
        {
            entry.Sequence = ++head.Sequence;
            entry.Hash = head.Hash = AuditChain.Hash(head.Hash, entry);
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return open.Count;
    }
}
