using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Support;

namespace Portal.Billing.Verification;

/// <summary>The audit says what it said when it was sealed: nothing in it was changed, removed or put elsewhere since.</summary>
internal static class AuditRules
{
    private const string Chain = "audit.chain";

    /// <param name="since">Proves the chain from the first entry of this time on; null: all of it.</param>
    /// <param name="written">What was written before this must be sealed.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, DateTimeOffset? since, DateTimeOffset written, CancellationToken cancel) =>
        [.. await Links(db, since, cancel), .. await Unsealed(db, written, cancel)];

    private static async Task<List<Finding>> Links(PortalDb db, DateTimeOffset? since, CancellationToken cancel)
    {
        var head = await db.AuditHeads.FirstOrDefaultAsync(h => h.Id == AuditHead.Key, cancel);
        if (head is null)
        {
            return [new Finding(Chain, $"AuditHeads {AuditHead.Key}", "is gone: nothing tells where the chain ends")];
        }

        var findings = new List<Finding>();
        var first = since is { } at ? await db.AuditEntries.Where(a => a.Sequence != null && a.At >= at).MinAsync(a => a.Sequence, cancel) ?? head.Sequence + 1 : 1;
        var before = first > 1 ? await db.AuditEntries.FirstOrDefaultAsync(a => a.Sequence == first - 1, cancel) : null;
        var (sequence, hash) = (before?.Sequence ?? 0, before?.Hash ?? AuditChain.Start);
        await foreach (var entry in db.AuditEntries.Where(a => a.Sequence >= first).OrderBy(a => a.Sequence).AsAsyncEnumerable().WithCancellation(cancel))
        {
            // After a gap the hash before is not known; the gap itself is the finding.
            if (entry.Sequence != sequence + 1)
            {
                findings.Add(new Finding(Chain, $"AuditEntries {entry.Id}", $"is number {entry.Sequence} and follows number {sequence}: entries between them are gone"));
            }
            else if (entry.Hash != AuditChain.Hash(hash, entry))
            {
                findings.Add(new Finding(Chain, $"AuditEntries {entry.Id}", $"number {entry.Sequence} ({entry.Action} of {entry.At:u}) is not what was sealed, or not what followed number {sequence}"));
            }

            (sequence, hash) = (entry.Sequence!.Value, entry.Hash ?? "");
        }

        if (head.Sequence != sequence || head.Hash != hash)
        {
            findings.Add(new Finding(Chain, $"AuditHeads {AuditHead.Key}", $"the chain ended with number {head.Sequence}, the entries end with number {sequence}"));
        }

        return findings;
    }

    private static async Task<IEnumerable<Finding>> Unsealed(PortalDb db, DateTimeOffset written, CancellationToken cancel)
    {
        var wrong = await db.AuditEntries.Where(a => a.Sequence == null && a.At < written).OrderBy(a => a.Id).Select(a => new { a.Id, a.Action, a.At }).ToListAsync(cancel);
        return wrong.Select(a => new Finding("audit.unsealed", $"AuditEntries {a.Id}", $"{a.Action} of {a.At:u} is in no chain yet"));
    }
}
