using Microsoft.Extensions.Localization;
using Portal.Prompts.Api.Json;
using Portal.Prompts.Api.Signals;

namespace Portal.Prompts.Api;

/// <summary>Refusals in the shape and with the status codes of OpenAI's API.</summary>
public sealed class ApiErrors(IStringLocalizerFactory localizers, AbuseWatch watch, TimeProvider clock)
{
    /// <summary>The header that names the request: of a prompt its hold, which support finds it by.</summary>
    public const string RequestId = "x-request-id";

    // The sentences are the pages' own. Named by text: this folder must not know the components that they lie beside.
    private readonly IStringLocalizer sentences = localizers.Create("Components.Shared.RefusalText", typeof(ApiErrors).Assembly.GetName().Name!);

    public Task Write(HttpContext http, Refusal refusal)
    {
        var (status, _, _) = Classify(refusal.Code);
        if (SignalRule.Of(refusal.Code) is { } sighting && ApiKeyHandler.CallerOf(http) is { ApiKeyId: { } key } caller)
        {
            watch.Saw(sighting, key.ToString(), http.TraceIdentifier, caller.AccountId);
        }

        http.Response.StatusCode = status;
        http.Response.Headers.TryAdd(RequestId, Guid.CreateVersion7(clock.GetUtcNow()).ToString());
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = IsRate(refusal.Code) ? refusal.Args[0] : "1";
        }

        if (status == StatusCodes.Status401Unauthorized)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return http.Response.WriteAsJsonAsync(Body(refusal), ApiJson.Options, http.RequestAborted);
    }

    /// <summary>What was done as JSON, or why it was not.</summary>
    public async Task Answer(HttpContext http, Task<Outcome<object>> work)
    {
        var outcome = await work;
        await (outcome.IsDone(out var refusal) ? http.Response.WriteAsJsonAsync(outcome.Value, ApiJson.Options, http.RequestAborted) : Write(http, refusal));
    }

    /// <summary>The error as an object, for an answer that has already begun.</summary>
    public ErrorJson Body(Refusal refusal)
    {
        var (_, type, code) = Classify(refusal.Code);
        return new ErrorJson(new ErrorJson.Details(sentences.Sentence(refusal), type, FieldOf(refusal), code ?? refusal.Code));
    }

    /// <summary>What a person is told.</summary>
    public string Sentence(Refusal refusal) => sentences.Sentence(refusal);

    /// <summary>The HTTP status of a refusal.</summary>
    public static int StatusOf(Refusal refusal) => Classify(refusal.Code).Status;

    /// <summary>The field of the request that is wrong; null when it is none, or more than one.</summary>
    private static string? FieldOf(Refusal refusal) => refusal.Code switch
    {
        "api.missing" or "api.unsupported" or "prompt.range" => refusal.Args[0],
        "api.json" => refusal.Args[0] is ['$', '.', .. var path] ? path : null,
        "prompt.messages" or "prompt.size" or "prompt.steps" or "prompt.stop" => refusal.Code["prompt.".Length..],
        "prompt.template" => "messages",
        "prompt.max-tokens" => "max_tokens",
        "prompt.count" => "n",
        "model.priority" or "model.priority-named" => "priority",
        _ when refusal.Code.StartsWith("model.", StringComparison.Ordinal) => "model",
        _ => null,
    };

    private static bool IsRate(string code) => code.StartsWith("rate.", StringComparison.Ordinal);

    private static (int Status, string Type, string? Code) Classify(string code) => code switch
    {
        _ when code.StartsWith("api.key", StringComparison.Ordinal) || code == "prompt.access-ended" => (401, "invalid_request_error", "invalid_api_key"),
        "funds.short" => (402, "insufficient_quota", "insufficient_quota"),
        _ when code.StartsWith("quota.short", StringComparison.Ordinal) || code.StartsWith("seat.short", StringComparison.Ordinal) || code.StartsWith("cap.", StringComparison.Ordinal)
            => (402, "insufficient_quota", "insufficient_quota"),
        "forbidden" or "key.endpoint" or "key.model" => (403, "invalid_request_error", "permission_denied"),
        "api.unknown" or "not-found" => (404, "invalid_request_error", null),
        "model.unknown" or "model.priority" or "model.not-text" or "model.not-image" => (404, "invalid_request_error", "model_not_found"),
        "request.duplicate" or "idempotency.mismatch" or "idempotency.tries" or "idempotency.broken-off" => (409, "invalid_request_error", null),
        "api.too-large" or "file.too-large" => (413, "invalid_request_error", null),
        "api.content-type" => (415, "invalid_request_error", null),
        "concurrency.full" or "model.busy" => (429, "rate_limit_error", "rate_limit_exceeded"),
        _ when IsRate(code) => (429, "rate_limit_error", "rate_limit_exceeded"),
        "model.loading" or "model.unavailable" or "price.missing" or "prompt.stopped" or "prompt.stopped-midway" or "ledger.busy" or "ledger.unavailable" or "ledger.unknown" => (503, "server_error", null),
        "model.failed" or "model.failed-midway" or "prompt.unsettled" or "hold.resolved" or "api.failed" => (500, "server_error", null),
        "prompt.messages" or "prompt.template" or "prompt.size" or "prompt.steps" or "prompt.stop" or "prompt.max-tokens" or "prompt.count" or "prompt.range" or "prompt.empty" or "prompt.too-long"
            => (422, "invalid_request_error", null),
        "prompt.context" => (400, "invalid_request_error", "context_length_exceeded"),
        _ => (400, "invalid_request_error", null),
    };
}
