namespace Portal.Prompts.Batches.Api;

/// <summary>Ids as OpenAI's API writes them.</summary>
internal static class ApiIds
{
    private const string FilePrefix = "file-";
    private const string BatchPrefix = "batch_";

    public static string File(Guid id) => $"{FilePrefix}{id:N}";

    public static string Batch(Guid id) => $"{BatchPrefix}{id:N}";

    public static Guid? File(string? id) => Read(id, FilePrefix);

    public static Guid? Batch(string? id) => Read(id, BatchPrefix);

    private static Guid? Read(string? id, string prefix) =>
        id is not null && id.StartsWith(prefix, StringComparison.Ordinal) && Guid.TryParseExact(id[prefix.Length..], "N", out var read) ? read : null;
}
