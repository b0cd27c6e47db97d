using Portal.Accounts;
using Portal.Billing.Subscriptions;
using Portal.Prompts.Api.Json;
using Portal.Prompts.Api.Rates;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Api;

/// <summary><c>POST /v1/images/generations</c>.</summary>
public sealed class ImageGenerations(PromptRunner runner, IdempotentRequests idempotent, ApiErrors errors, SubscriptionReader subscriptions, RequestRates rates, TimeProvider clock)
{
    /// <summary>Tells that the service was too busy to draw pictures as it usually does, e.g. <c>steps=5; usual=9</c>.</summary>
    public const string DegradedHeader = "x-portal-degraded";

    public Task Handle(HttpContext http) => errors.Answer(http, Answer(http));

    private async Task<Outcome<object>> Answer(HttpContext http) => (await Draw(http)).Then<object>(images => ImagesJson.Of(clock.GetUtcNow().ToUnixTimeSeconds(), images));

    private async Task<Outcome<IReadOnlyList<byte[]>>> Draw(HttpContext http)
    {
        var caller = ApiKeyHandler.CallerOf(http);
        var read = await ApiJson.Read<ImageGenerationRequest>(http);
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

        var prompt = body.ToPrompt(begun.Value.HoldId);
        if (!prompt.IsDone(out refusal))
        {
            return refusal;
        }

        if (begun.Value.WhyNotAgain(caller, prompt.Value) is { } notAgain)
        {
            return notAgain;
        }

        if (begun.Value.Stored is { } stored)
        {
            return stored.Images.ToArray();
        }

        // A number that nobody may ask for is refused as such, below.
        if (prompt.Value.Count is >= 1 and <= PromptLimits.ImagesMax && await subscriptions.Current(caller.AccountId, http.RequestAborted) is null
            && rates.Take(http, RateRule.PicturesWithoutPlan, ClientNetwork.Of(http.Connection.RemoteIpAddress) ?? $"{http.Connection.RemoteIpAddress}", prompt.Value.Count) is { } tooOften)
        {
            return tooOften;
        }

        var started = await runner.Start(caller, prompt.Value with { Keep = begun.Value.Keep, Whole = true }, http.RequestAborted);
        if (!started.IsDone(out refusal, out var run))
        {
            return refusal;
        }

        if (run.Degraded is { } degraded)
        {
            http.Response.Headers[DegradedHeader] = $"steps={degraded.Steps}; usual={degraded.Usual}";
        }

        return await Collect(run);
    }

    private static async Task<Outcome<IReadOnlyList<byte[]>>> Collect(PromptRun run)
    {
        var (_, _, images) = await run.ReadWhole();
        var result = await run.Completion;
        return result.Failure is null && result.Receipt is not null ? images : result.Failure ?? new Refusal("prompt.stopped");
    }
}
