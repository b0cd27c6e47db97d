using System.Text.Json;
using Portal.Billing.Rating;
using Portal.Inference.Text;
using Portal.Prompts.Answers;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Api.Text;

/// <summary><c>POST /v1/chat/completions</c> and <c>/v1/completions</c>, whole or as server-sent events.</summary>
public sealed class TextCompletions(PromptRunner runner, IdempotentRequests idempotent, ApiErrors errors, TimeProvider clock)
{
    /// <summary>Whether an earlier answer was given: <c>hit</c> or <c>miss</c>; not there when none was wanted.</summary>
    public const string CacheHeader = "x-portal-cache";

    public async Task Handle<TCall>(HttpContext http)
        where TCall : class, ITextCall
    {
        var refusal = await Answer<TCall>(http);
        if (refusal is not null && !http.Response.HasStarted)
        {
            await errors.Write(http, refusal);
        }
    }

    private async Task<Refusal?> Answer<TCall>(HttpContext http)
        where TCall : class, ITextCall
    {
        var caller = ApiKeyHandler.CallerOf(http);
        var read = await ApiJson.Read<TCall>(http);
        if (!read.IsDone(out var refusal))
        {
            return refusal;
        }

        var (call, body) = read.Value;
        var begun = await idempotent.Begin(http, caller, body);
        if (!begun.IsDone(out refusal))
        {
            return refusal;
        }

        var ticket = begun.Value;
        var prompt = ITextCall.Read(call, ticket.HoldId);
        if (!prompt.IsDone(out refusal))
        {
            return refusal;
        }

        if (ticket.WhyNotAgain(caller, prompt.Value) is { } notAgain)
        {
            return notAgain;
        }

        var reply = call.Reply(ticket.HoldId, clock.GetUtcNow().ToUnixTimeSeconds());
        if (ticket.Stored is { } stored)
        {
            reply = Told(http, reply, stored.Model ?? reply.Model, stored.Cached);
            return await (call.Streams ? Replay(http, call, reply, stored) : Send(http, reply, stored.Text, stored.Tokens, stored.Finish, stored.Usage));
        }

        var started = await runner.Start(caller, prompt.Value with { Keep = ticket.Keep, Whole = !call.Streams }, http.RequestAborted);
        if (!started.IsDone(out refusal, out var run))
        {
            return refusal;
        }

        reply = Told(http, reply, run.Model, run.Cached);
        return await (call.Streams ? Stream(http, call, reply, run) : Collect(http, reply, run));
    }

    private static TextReply Told(HttpContext http, TextReply reply, string model, bool? cached)
    {
        if (cached is { } hit)
        {
            http.Response.Headers[CacheHeader] = hit ? "hit" : "miss";
        }

        return reply with { Model = model, Cached = cached == true };
    }

    private static async Task<Refusal?> Collect(HttpContext http, TextReply reply, PromptRun run)
    {
        var (text, tokens, _) = await run.ReadWhole();
        var result = await run.Completion;
        return result.Failure is null && result.Receipt is { } receipt
            ? await Send(http, reply, text, tokens, result.Finish, receipt.Usage)
            : result.Failure ?? new Refusal("prompt.stopped");
    }

    private static async Task<Refusal?> Send(HttpContext http, TextReply reply, string text, IReadOnlyList<TokenChoice> tokens, PromptFinish finish, MeteredUsage usage)
    {
        await http.Response.WriteAsJsonAsync(reply.Whole(text, tokens, finish, usage), ApiJson.Options, http.RequestAborted);
        return null;
    }

    private async Task<Refusal?> Stream(HttpContext http, ITextCall call, TextReply reply, PromptRun run)
    {
        // Until the first piece the status code can still tell that there is none.
        if (!await run.Updates.WaitToReadAsync())
        {
            var nothing = await run.Completion;
            return nothing.Failure ?? new Refusal("prompt.stopped");
        }

        try
        {
            await Begin(http, reply);
            await foreach (var update in run.Updates.ReadAllAsync(http.RequestAborted))
            {
                await Event(http, reply.Piece(update.Text, update.Tokens));
            }

            // What is said about the charge is on disk by then.
            var result = await run.Completion;
            if (result.Failure is { } failure)
            {
                await Event(http, errors.Body(failure));
                return null;
            }

            await End(http, call, reply, result.Finish, result.Receipt?.Usage);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more; the runner stops and settles.
        }

        return null;
    }

    private async Task<Refusal?> Replay(HttpContext http, ITextCall call, TextReply reply, PromptReply stored)
    {
        await Begin(http, reply);
        await Event(http, reply.Piece(stored.Text, stored.Tokens));
        await (stored.BrokenOff ? Event(http, errors.Body(IdempotentRequests.BrokenOff)) : End(http, call, reply, stored.Finish, stored.Usage));
        return null;
    }

    private static async Task Begin(HttpContext http, TextReply reply)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        if (reply.Opening is { } opening)
        {
            await Event(http, opening);
        }
    }

    private static async Task End(HttpContext http, ITextCall call, TextReply reply, PromptFinish finish, MeteredUsage? usage)
    {
        await Event(http, reply.End(finish));
        if (call.IncludesUsage && usage is not null)
        {
            await Event(http, reply.UsageOnly(usage));
        }

        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
    }

    private static async Task Event(HttpContext http, object data)
    {
        await http.Response.WriteAsync($"data: {JsonSerializer.Serialize(data, ApiJson.Options)}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
