using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Prompts;
using Portal.Prompts.Answers;
using Portal.Prompts.Api;
using Portal.Prompts.Api.Json;
using Portal.Prompts.Api.Text;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Batches.Work;

/// <summary>
/// Runs a line of a batch as one prompt. What an earlier try left behind decides first: an answer that was charged is taken, a hold that nobody settles
/// is released, so that no line is ever charged twice.
/// </summary>
public sealed class LineRunner(IDbContextFactory<PortalDb> databases, PromptRunner runner, PromptSettler settler, ApiErrors errors, TimeProvider clock)
{
    /// <summary>The holds of these lines' first tries: most have none, which one question says of all of them.</summary>
    internal async Task<IReadOnlySet<Guid>> Tried(Batch batch, IReadOnlyList<BatchLine> lines, CancellationToken cancel)
    {
        var first = lines.Select(line => RequestIds.Of(batch.Id, line.Number, 0)).ToList();
        await using var db = databases.CreateDbContext();
        return await db.Holds.Where(h => first.Contains(h.Id)).Select(h => h.Id).ToHashSetAsync(cancel);
    }

    /// <param name="tried">From <see cref="Tried"/>, since this node has the batch.</param>
    /// <returns>Null: it did not run, and cost nothing; try again later.</returns>
    internal async Task<LineOutcome?> Run(Batch batch, Caller caller, BatchLine line, IReadOnlySet<Guid> tried, CancellationToken stop)
    {
        if (await Next(batch, line.Number, tried, stop) is not { } next || Rests(next))
        {
            return null;
        }

        var hold = next.Id;
        if (next.State == HoldState.Posted)
        {
            return await Recall(batch, line, hold, stop);
        }

        var read = PromptBody.Read(batch.Endpoint, line.Body, hold);
        if (!read.IsDone(out var refusal, out var prompt))
        {
            return Refused(hold, line, refusal);
        }

        var keep = new ReplyKey(RequestIds.KeyOf(batch.Id, line.Number), Convert.ToHexString(SHA256.HashData(line.Body)));
        var started = await runner.Start(caller, prompt with { Keep = keep, Whole = true, Batch = true }, stop);
        if (!started.IsDone(out refusal, out var run))
        {
            return MayPass(batch, refusal) ? null : Refused(hold, line, refusal);
        }

        var (text, tokens, images) = await run.ReadWhole();
        var result = await run.Completion;
        if (result is { Failure: null, Receipt: { } receipt })
        {
            var reply = new PromptReply(text, images, receipt.Usage, result.Finish, run.Model) { Cached = run.Cached, Tokens = tokens };
            return Answered(batch.Endpoint, hold, line, reply, receipt.ChargedNanos);
        }

        refusal = result.Failure ?? new Refusal("prompt.stopped");
        return stop.IsCancellationRequested || MayPass(batch, refusal) ? null : Refused(hold, line, refusal);
    }

    /// <summary>What an earlier try was charged for; null: nothing was charged, and nothing is held for the line any more.</summary>
    internal async Task<LineOutcome?> Recall(Batch batch, BatchLine line, IReadOnlySet<Guid> tried, CancellationToken cancel)
    {
        return await Next(batch, line.Number, tried, cancel) is { State: HoldState.Posted, Id: var hold } ? await Recall(batch, line, hold, cancel) : null;
    }

    /// <summary>
    /// Whether the same line may go through later as it is. A hold that was resolved under it was taken for a dead worker's, or had expired. A model that is
    /// not there has half of the window to come back.
    /// </summary>
    private bool MayPass(Batch batch, Refusal refusal) =>
        LedgerFailure.IsTemporary(refusal)
        || (refusal.Code == "model.unavailable" && clock.GetUtcNow() < batch.CreatedAt + (BatchDesk.WindowLength / 2))
        || refusal.Code is "request.duplicate" or "hold.resolved" or "concurrency.full" or "model.busy" or "model.loading" or "prompt.stopped" or "prompt.unsettled" or "prompt.access-ended";

    /// <summary>A line that is not accepted time after time waits longer before each try: four seconds after the fourth, in the end four minutes.</summary>
    private bool Rests(HoldTry next) =>
        next is { State: null, Number: > 3, ReleasedAt: { } at } && clock.GetUtcNow() - at < TimeSpan.FromSeconds(1 << Math.Min(next.Number - 2, 8));

    /// <summary>The line's next try, or the one that it was charged by; null: the batch is another node's by now.</summary>
    private async Task<HoldTry?> Next(Batch batch, int line, IReadOnlySet<Guid> tried, CancellationToken cancel)
    {
        var first = RequestIds.Of(batch.Id, line, 0);
        if (!tried.Contains(first))
        {
            // Should another worker try it in this moment, the ledger refuses one of the two, and the line waits for its next turn.
            return new HoldTry(0, first, null, null);
        }

        await using var db = databases.CreateDbContext();
        var next = await HoldTries.Next(db, number => RequestIds.Of(batch.Id, line, number), cancel);
        if (next.State != HoldState.Open)
        {
            return next;
        }

        if (!await db.Batches.AnyAsync(b => b.Id == batch.Id && b.LeasedBy == batch.LeasedBy, cancel))
        {
            return null;
        }

        // Of a worker that is gone, or is about to learn that it lost the batch: it settles before this, or not at all.
        await settler.Release(batch.AccountId, next.Id);
        return (await HoldTries.Next(db, number => RequestIds.Of(batch.Id, line, number), cancel)) with { ReleasedAt = null };
    }

    private async Task<LineOutcome> Recall(Batch batch, BatchLine line, Guid hold, CancellationToken cancel)
    {
        var key = RequestIds.KeyOf(batch.Id, line.Number);
        await using var db = databases.CreateDbContext();
        var stored = await db.IdempotencyRecords.Where(r => r.WalletId == batch.AccountId && r.Key == key).Select(r => r.Outcome).FirstAsync(cancel);
        var nanos = await db.UsageRecords.Where(u => u.Id == hold).Select(u => u.ChargedNanos).FirstAsync(cancel);
        return Answered(batch.Endpoint, hold, line, JsonSerializer.Deserialize<PromptReply>(stored)!, nanos);
    }

    private LineOutcome Answered(string endpoint, Guid hold, BatchLine line, PromptReply reply, long nanos)
    {
        var created = clock.GetUtcNow().ToUnixTimeSeconds();
        var body = endpoint == BatchEndpoints.Images
            ? (object)ImagesJson.Of(created, reply.Images)
            : (TextReply(endpoint, hold, created, reply.Model!) with { Cached = reply.Cached == true }).Whole(reply.Text, reply.Tokens, reply.Finish, reply.Usage);
        return new LineOutcome(BatchLineState.Done, LineResult.Answered(hold, line.CustomId, StatusCodes.Status200OK, body), nanos);
    }

    private static TextReply TextReply(string endpoint, Guid id, long created, string model) =>
        endpoint == BatchEndpoints.Completions ? new CompletionReply(id, created, model) : new ChatReply(id, created, model);

    private LineOutcome Refused(Guid hold, BatchLine line, Refusal refusal) =>
        new(BatchLineState.Failed, LineResult.Answered(hold, line.CustomId, ApiErrors.StatusOf(refusal), errors.Body(refusal)), 0);
}
