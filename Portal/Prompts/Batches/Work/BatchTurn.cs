using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Accounts.Keys;
using Portal.Data;
using Portal.Data.Prompts;

namespace Portal.Prompts.Batches.Work;

/// <summary>What is done for a batch before it is the next one's turn: reading its file, some of its lines, or its end.</summary>
public sealed class BatchTurn(
    IDbContextFactory<PortalDb> databases, BatchIntake intake, BatchFinish finish, BatchHours hours, LineRunner lines, Callers callers, KeyDoor door, TimeProvider clock, IOptions<BatchesOptions> options)
{
    private const int LinesAtOnce = 32;

    /// <summary>Portions that a turn looks through for a line that can run.</summary>
    private const int PortionsATurn = 8;

    /// <summary>The last line of each batch's last portion: those that wait for a model that is away must not keep the others waiting.</summary>
    private readonly ConcurrentDictionary<Guid, int> reached = new();

    /// <returns>Whether anything was done.</returns>
    /// <param name="stop">Stops the running lines too; they run again.</param>
    internal async Task<bool> Take(Batch batch, CancellationToken stop)
    {
        var outcome = batch.Status switch
        {
            BatchStatus.Cancelling => BatchStatus.Cancelled,
            BatchStatus.Finalizing => batch.Outcome!.Value,
            _ when clock.GetUtcNow() >= batch.ExpiresAt => BatchStatus.Expired,
            _ => (BatchStatus?)null,
        };
        if (outcome is null && batch.Status == BatchStatus.Validating)
        {
            await intake.Run(batch, stop);
            return true;
        }

        var waiting = outcome is null ? await Next(batch.Id, stop) : [];
        outcome ??= waiting.Count == 0 ? BatchStatus.Completed : null;
        if (outcome is { } end)
        {
            await End(batch, end, stop);
            return true;
        }

        if (await CallerOf(batch, stop) is not { } caller)
        {
            // Whoever gave it may no longer spend.
            await End(batch, BatchStatus.Cancelled, stop);
            return true;
        }

        return await Run(batch, caller, waiting, stop);
    }

    /// <summary>Ends a batch with lines that did not run. A worker that is gone may have been charged for some: they are delivered.</summary>
    private async Task End(Batch batch, BatchStatus outcome, CancellationToken stop)
    {
        for (var waiting = await Waiting(batch.Id, 0, stop); waiting.Count > 0; waiting = await Waiting(batch.Id, waiting[^1].Number, stop))
        {
            var tried = await lines.Tried(batch, waiting, stop);
            foreach (var line in waiting)
            {
                if (await lines.Recall(batch, line, tried, stop) is { } charged)
                {
                    await Write(batch, line, charged);
                }
            }
        }

        await finish.Run(batch, outcome, stop);
        reached.TryRemove(batch.Id, out _);
    }

    /// <returns>Whether any line ran. If none did, the next turn goes on behind those that were looked at.</returns>
    private async Task<bool> Run(Batch batch, Caller caller, List<BatchLine> waiting, CancellationToken stop)
    {
        var open = await hours.AreNow(batch, stop);
        for (var portion = 1; ; portion++)
        {
            var done = await Run(batch, caller, waiting, open, stop);
            var last = reached[batch.Id] = waiting[^1].Number;
            if (done || portion == PortionsATurn || !(open || hours.NobodyWaits))
            {
                return done;
            }

            waiting = await Waiting(batch.Id, last, stop);
            if (waiting.Count == 0)
            {
                return false;
            }
        }
    }

    private async Task<bool> Run(Batch batch, Caller caller, List<BatchLine> waiting, bool open, CancellationToken stop)
    {
        var tried = await lines.Tried(batch, waiting, stop);
        var done = 0;
        await Parallel.ForEachAsync(waiting, new ParallelOptions { MaxDegreeOfParallelism = options.Value.Parallel, CancellationToken = stop }, async (line, cancel) =>
        {
            if ((open || hours.NobodyWaits) && await lines.Run(batch, caller, line, tried, cancel) is { } outcome)
            {
                await Write(batch, line, outcome);
                Interlocked.Increment(ref done);
            }
        });
        return done > 0;
    }

    /// <summary>The portion behind the last one; behind the end the first one again.</summary>
    private async Task<List<BatchLine>> Next(Guid batchId, CancellationToken cancel)
    {
        var behind = reached.GetValueOrDefault(batchId);
        var next = await Waiting(batchId, behind, cancel);
        return next.Count == 0 && behind > 0 ? await Waiting(batchId, 0, cancel) : next;
    }

    private async Task<List<BatchLine>> Waiting(Guid batchId, int behind, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.BatchLines.AsNoTracking().Where(l => l.BatchId == batchId && l.State == BatchLineState.Waiting && l.Number > behind)
            .OrderBy(l => l.Number).Take(LinesAtOnce).ToListAsync(cancel);
    }

    /// <summary>A line's end and the batch's counts. A node that lost the batch meanwhile writes nothing: the other finds what was charged.</summary>
    private async Task Write(Batch batch, BatchLine line, LineOutcome outcome)
    {
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var (done, failed) = outcome.State == BatchLineState.Done ? (1, 0) : (0, 1);
        var counted = await db.Batches.Where(b => b.Id == line.BatchId && b.LeasedBy == batch.LeasedBy).ExecuteUpdateAsync(set => set
            .SetProperty(b => b.Completed, b => b.Completed + done).SetProperty(b => b.Failed, b => b.Failed + failed)
            .SetProperty(b => b.ChargedNanos, b => b.ChargedNanos + outcome.ChargedNanos));
        var written = await db.BatchLines.Where(l => l.BatchId == line.BatchId && l.Number == line.Number && l.State == BatchLineState.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.State, outcome.State).SetProperty(l => l.Result, outcome.Result));
        if (counted == 1 && written == 1)
        {
            await transaction.CommitAsync();
        }
    }

    /// <summary>Who gave the batch, as they may act now; null: no longer.</summary>
    private async Task<Caller?> CallerOf(Batch batch, CancellationToken cancel)
    {
        var caller = batch.ApiKeyId is { } key
            ? await door.ById(key, cancel)
            : await callers.Resolve(
                new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, $"{batch.PersonId}"), new(Callers.AccountClaim, $"{batch.AccountId}")])), cancel);
        return caller is null || caller.MembershipId != batch.MembershipId ? null : caller with { ProjectId = batch.ProjectId };
    }
}
