using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Prompts;
using Portal.Prompts.Batches.Files;

namespace Portal.Prompts.Batches.Work;

/// <summary>Writes a batch's output and error files and ends it. Broken off, it is done again from the start.</summary>
public sealed class BatchFinish(IDbContextFactory<PortalDb> databases, FileDesk files, TimeProvider clock)
{
    private const int LinesAtOnce = 50;
    private const int BytesAtOnce = 4 << 20;

    /// <param name="outcome">Completed, expired or cancelled.</param>
    internal async Task Run(Batch batch, BatchStatus outcome, CancellationToken cancel)
    {
        if (batch.Status is BatchStatus.Validating or BatchStatus.InProgress && !await Finalize(batch, outcome, cancel))
        {
            return;
        }

        var output = await Write(batch, "output", state => state == BatchLineState.Done, outcome, cancel);
        var error = await Write(batch, "error", state => state != BatchLineState.Done, outcome, cancel);
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var ended = await db.Batches.Where(b => b.Id == batch.Id && b.LeasedBy == batch.LeasedBy && b.EndedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(b => b.Status, outcome).SetProperty(b => b.EndedAt, now).SetProperty(b => b.OutputFileId, output).SetProperty(b => b.ErrorFileId, error), cancel);
        if (ended == 1)
        {
            await db.BatchLines.Where(l => l.BatchId == batch.Id).ExecuteDeleteAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
    }

    /// <returns>False: it was cancelled meanwhile, or is another node's.</returns>
    private async Task<bool> Finalize(Batch batch, BatchStatus outcome, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        return await db.Batches.Where(b => b.Id == batch.Id && b.Status == batch.Status && b.LeasedBy == batch.LeasedBy).ExecuteUpdateAsync(
            set => set.SetProperty(b => b.Status, BatchStatus.Finalizing).SetProperty(b => b.Outcome, outcome).SetProperty(b => b.FinalizingAt, now), cancel) == 1;
    }

    /// <returns>The file; null: nothing belongs in it.</returns>
    private async Task<Guid?> Write(Batch batch, string kind, Func<BatchLineState, bool> belongs, BatchStatus outcome, CancellationToken cancel)
    {
        // The same file when it is written again.
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{batch.Id:N}")).AsSpan(0, 16));
        var wanted = Enum.GetValues<BatchLineState>().Where(belongs).ToList();
        PartWriter? writer = null;
        for (var last = 0; ;)
        {
            var lines = await Lines(batch.Id, wanted, last, cancel);
            if (lines.Count == 0)
            {
                break;
            }

            if (writer is null)
            {
                await files.Begin(id, batch.AccountId, batch.MembershipId, $"batch_{batch.Id:N}_{kind}.jsonl", FilePurposes.Output, clock.GetUtcNow(), cancel);
                writer = new PartWriter(databases, id);
            }

            foreach (var line in lines)
            {
                await writer.Write(line.Result ?? NotRun(line, outcome), cancel);
                await writer.Write("\n"u8.ToArray(), cancel);
                last = line.Number;
            }
        }

        if (writer is null)
        {
            return null;
        }

        await writer.Flush(cancel);
        await files.Complete(id, writer.Bytes, cancel);
        return id;
    }

    private async Task<List<BatchLine>> Lines(Guid batchId, List<BatchLineState> states, int after, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        var next = db.BatchLines.AsNoTracking().Where(l => l.BatchId == batchId && l.Number > after && states.Contains(l.State)).OrderBy(l => l.Number);

        // A line may hold pictures: as many as fit, and one at least.
        var sizes = await next.Take(LinesAtOnce).Select(l => l.Result == null ? 0 : l.Result.Length).ToListAsync(cancel);
        var bytes = 0L;
        var fit = sizes.TakeWhile(size => (bytes += size) <= BytesAtOnce).Count();
        return sizes.Count == 0 ? [] : await next.Take(Math.Max(1, fit)).ToListAsync(cancel);
    }

    private static byte[] NotRun(BatchLine line, BatchStatus outcome) => outcome == BatchStatus.Expired
        ? LineResult.NotRun(line.BatchId, line.Number, line.CustomId, "batch_expired", "This request could not be executed before the completion window expired.")
        : LineResult.NotRun(line.BatchId, line.Number, line.CustomId, "batch_cancelled", "This request was not executed because the batch was cancelled.");
}
