using System.Text.Json;
using Portal.Accounts;
using Portal.Prompts.Api;

namespace Portal.Prompts.Batches.Api;

/// <summary><c>/v1/batches</c>.</summary>
public sealed class BatchesApi(BatchDesk batches, ApiErrors errors)
{
    private const int PageDefault = 20;
    private const int PageMax = 100;

    public Task Create(HttpContext http) => Answer(http, async caller =>
    {
        var read = await ApiJson.Read<BatchRequest>(http);
        if (!read.IsDone(out var refusal))
        {
            return refusal;
        }

        var body = read.Value.Value;
        if (Missing(body) is { } missing)
        {
            return new Refusal("api.missing", missing);
        }

        if (body.CompletionWindow != BatchDesk.Window)
        {
            return new Refusal("api.unsupported", "completion_window");
        }

        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > IdempotentRequests.KeyMax)
        {
            return new Refusal("api.idempotency-key");
        }

        return Metadata(body.Metadata, out var metadata)
            ? (await batches.Create(caller, ApiIds.File(body.InputFileId) ?? Guid.Empty, body.Endpoint!, metadata, key.Length == 0 ? null : key, http.RequestAborted)).Then(ApiObjects.Of)
            : new Refusal("api.unsupported", "metadata");
    });

    public Task Find(HttpContext http, string id) => Answer(http, async caller => (await batches.Find(caller, ApiIds.Batch(id) ?? Guid.Empty, http.RequestAborted)).Then(ApiObjects.Of));

    public Task Cancel(HttpContext http, string id) => Answer(http, async caller => (await batches.Cancel(caller, ApiIds.Batch(id) ?? Guid.Empty, http.RequestAborted)).Then(ApiObjects.Of));

    public Task List(HttpContext http) => Answer(http, async caller =>
    {
        var most = int.TryParse(http.Request.Query["limit"], out var limit) ? Math.Clamp(limit, 1, PageMax) : PageDefault;
        var after = http.Request.Query["after"].ToString();
        if (after.Length > 0 && ApiIds.Batch(after) is null)
        {
            return Refusal.NotFound;
        }

        var found = await batches.List(caller, ApiIds.Batch(after), most + 1, http.RequestAborted);
        return found.Then(page => ApiObjects.Page(page, most, ApiObjects.Of, b => ApiIds.Batch(b.Id)));
    });

    private static string? Missing(BatchRequest body) =>
        string.IsNullOrEmpty(body.InputFileId) ? "input_file_id" : string.IsNullOrEmpty(body.Endpoint) ? "endpoint" : string.IsNullOrEmpty(body.CompletionWindow) ? "completion_window" : null;

    private static bool Metadata(JsonElement? json, out Dictionary<string, string>? metadata)
    {
        metadata = null;
        if (json is null or { ValueKind: JsonValueKind.Null })
        {
            return true;
        }

        try
        {
            metadata = json.Value.Deserialize<Dictionary<string, string>>();
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private Task Answer(HttpContext http, Func<Caller, Task<Outcome<object>>> work) => errors.Answer(http, work(ApiKeyHandler.CallerOf(http)));
}
