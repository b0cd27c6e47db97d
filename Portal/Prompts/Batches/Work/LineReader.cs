using System.Text.Json;

namespace Portal.Prompts.Batches.Work;

/// <summary>Reads lines of an input file: each a request with an id of its own, all to one endpoint.</summary>
/// <param name="models">Every name that the endpoint's requests may give. One that is only out of order may be back when the line runs.</param>
internal sealed class LineReader(string endpoint, IReadOnlySet<string> models)
{
    public const int CustomIdMax = 512;

    private const int NameShown = 100;

    private readonly HashSet<string> ids = new(StringComparer.Ordinal);

    /// <param name="CustomId">Null: the line is wrong.</param>
    public readonly record struct Result(string? CustomId, byte[] Body, BatchProblem? Problem);

    /// <returns>The endpoint that a line names; null when it names none that takes batches.</returns>
    public static string? EndpointOf(byte[] line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var url = json.RootElement.ValueKind == JsonValueKind.Object ? Text(json.RootElement, "url") : null;
            return url is not null && BatchEndpoints.All.Contains(url) ? url : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public Result Read(byte[] line, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return Read(json.RootElement, number);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A text of half a character is found only when it is read.
            return Wrong("invalid_json_line", "This line is not parseable as valid JSON.", null, number);
        }
    }

    private Result Read(JsonElement root, int number)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return Wrong("invalid_json_line", "This line is not a JSON object.", null, number);
        }

        if (Text(root, "custom_id") is not { Length: > 0 and <= CustomIdMax } id || id.Contains('\0', StringComparison.Ordinal))
        {
            return Wrong("missing_required_parameter", $"Each line needs a custom_id, a string of 1 to {CustomIdMax} characters.", "custom_id", number);
        }

        if (Text(root, "method") != "POST")
        {
            return Wrong("invalid_method", "The method must be POST.", "method", number);
        }

        if (Text(root, "url") != endpoint)
        {
            return Wrong("mismatched_url", $"The url must be {endpoint}, the endpoint of the batch.", "url", number);
        }

        if (!root.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.Object)
        {
            return Wrong("missing_required_parameter", "Each line needs a body, the object that the endpoint takes.", "body", number);
        }

        if (Text(body, "model") is not { } model || !models.Contains(model))
        {
            return Wrong("model_not_found", $"There is no model '{Short(Text(body, "model"))}' for {endpoint}.", "body.model", number);
        }

        return ids.Add(id)
            ? new Result(id, JsonSerializer.SerializeToUtf8Bytes(body), null)
            : Wrong("duplicate_custom_id", $"The custom_id '{id}' is on an earlier line too.", "custom_id", number);
    }

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>What is wrong is told with every look at the batch: a line's megabyte is not.</summary>
    private static string? Short(string? name) => name is { Length: > NameShown } ? $"{name[..NameShown]}…" : name;

    private static Result Wrong(string code, string message, string? param, int line) => new(null, [], new BatchProblem(code, message, param, line));
}
