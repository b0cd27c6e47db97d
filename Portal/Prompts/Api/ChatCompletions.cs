using System.Text;
using System.Text.Json;
using Portal.Accounts;
using Portal.Billing.Rating;
using Portal.Inference.Text;
using Portal.Prompts.Answers;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Api;

/// <summary><c>POST /v1/chat/completions</c>, whole or as server-sent events.</summary>
public sealed class ChatCompletions(PromptRunner runner, Callers callers, IdempotentRequests idempotent, ApiErrors errors, TimeProvider clock)
{
    public async Task Handle(HttpContext http)
    {
        var refusal = await Answer(http);
        if (refusal is not null && !http.Response.HasStarted)
        {
            await errors.Write(http, refusal);
        }
    }

    private async Task<Refusal?> Answer(HttpContext http)
    {
        if (await ApiKeyHandler.CallerOf(http, callers) is not { } caller)
        {
            return new Refusal("api.key");
        }

        var read = await ApiJson.Read<ChatCompletionRequest>(http);
        if (!read.IsDone(out var refusal))
        {
            return refusal;
        }

        var (body, bytes) = read.Value;
        var begun = await idempotent.Begin(http, caller, bytes);
        if (!begun.IsDone(out refusal))
        {
            return refusal;
        }

        var ticket = begun.Value;
        var prompt = body.ToPrompt(ticket.HoldId);
        if (!prompt.IsDone(out refusal))
        {
            return refusal;
        }

        var streaming = body.Stream == true;
        var reply = new Reply(ticket.HoldId, clock.GetUtcNow().ToUnixTimeSeconds(), prompt.Value.Model, body.StreamOptions?.IncludeUsage == true);
        if (ticket.Stored is { } stored)
        {
            return await (streaming ? Replay(http, Of(reply, stored), stored) : Send(http, Of(reply, stored), stored.Text, [], stored.Finish, stored.Usage));
        }

        var started = await runner.Start(caller, prompt.Value with { Keep = ticket.Keep, Whole = !streaming }, http.RequestAborted);
        return started.IsDone(out refusal)
            ? await (streaming ? Stream(http, reply with { Model = started.Value.Model }, started.Value) : Collect(http, reply with { Model = started.Value.Model }, started.Value))
            : refusal;
    }

    private static Reply Of(Reply reply, PromptReply stored) => reply with { Model = stored.Model ?? reply.Model };

    private static async Task<Refusal?> Collect(HttpContext http, Reply reply, PromptRun run)
    {
        var text = new StringBuilder();
        var tokens = new List<TokenChoice>();
        await foreach (var update in run.Updates.ReadAllAsync())
        {
            text.Append(update.Text);
            tokens.AddRange(update.Tokens);
        }

        var result = await run.Completion;
        return result.Failure is null && result.Receipt is { } receipt
            ? await Send(http, reply, text.ToString(), tokens, result.Finish, receipt.Usage)
            : result.Failure ?? new Refusal("prompt.stopped");
    }

    private static async Task<Refusal?> Send(HttpContext http, Reply reply, string text, IReadOnlyList<TokenChoice> tokens, PromptFinish finish, MeteredUsage usage)
    {
        await http.Response.WriteAsJsonAsync(reply.Whole(text, tokens, finish, usage), ApiJson.Options, http.RequestAborted);
        return null;
    }

    private async Task<Refusal?> Stream(HttpContext http, Reply reply, PromptRun run)
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
                await Event(http, reply.Piece(new { Content = update.Text }, null, update.Tokens));
            }

            // What is said about the charge is on disk by then.
            var result = await run.Completion;
            if (result.Failure is { } failure)
            {
                await Event(http, errors.Body(failure));
                return null;
            }

            await End(http, reply, result.Finish, result.Receipt?.Usage);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more; the runner stops and settles.
        }

        return null;
    }

    private static async Task<Refusal?> Replay(HttpContext http, Reply reply, PromptReply stored)
    {
        await Begin(http, reply);
        await Event(http, reply.Piece(new { Content = stored.Text }, null));
        await End(http, reply, stored.Finish, stored.Usage);
        return null;
    }

    private static async Task Begin(HttpContext http, Reply reply)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        await Event(http, reply.Piece(new { Role = "assistant", Content = "" }, null));
    }

    private static async Task End(HttpContext http, Reply reply, PromptFinish finish, MeteredUsage? usage)
    {
        await Event(http, reply.Piece(new { }, finish));
        if (reply.IncludeUsage && usage is not null)
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

    /// <summary>The objects of one response; they share its id, time and model.</summary>
    internal sealed record Reply(Guid Id, long Created, string Model, bool IncludeUsage)
    {
        private string Name => $"chatcmpl-{Id:N}";

        public object Whole(string text, IReadOnlyList<TokenChoice> tokens, PromptFinish finish, MeteredUsage usage) => new
        {
            Id = Name, Object = "chat.completion", Created, Model,
            Choices = new[]
            {
                new
                {
                    Index = 0, Message = new { Role = "assistant", Content = text, Refusal = (string?)null }, Logprobs = ChatLogProbs.Of(tokens),
                    FinishReason = ReasonOf(finish),
                },
            },
            Usage = UsageOf(usage),
        };

        public object Piece(object delta, PromptFinish? finish, IReadOnlyList<TokenChoice>? tokens = null) => new
        {
            Id = Name, Object = "chat.completion.chunk", Created, Model,
            Choices = new[] { new { Index = 0, Delta = delta, Logprobs = ChatLogProbs.Of(tokens ?? []), FinishReason = finish is { } end ? ReasonOf(end) : null } },
        };

        public object UsageOnly(MeteredUsage usage) => new
        {
            Id = Name, Object = "chat.completion.chunk", Created, Model, Choices = Array.Empty<object>(), Usage = UsageOf(usage),
        };

        // The protocol has no word for an answer that was cut short otherwise.
        private static string ReasonOf(PromptFinish finish) => finish == PromptFinish.Stop ? "stop" : "length";

        private static object UsageOf(MeteredUsage usage) => new
        {
            PromptTokens = usage.InputTokens, CompletionTokens = usage.OutputTokens, TotalTokens = usage.Tokens,
        };
    }
}
