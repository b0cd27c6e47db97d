using System.Text.Json;

namespace Portal.Prompts.Api.Text;

/// <summary>Fields of a request that may be one string or several.</summary>
internal static class JsonText
{
    /// <returns>None when the field is not there; null when it is neither a string nor strings.</returns>
    public static List<string>? Strings(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } many when many.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String)
            => [.. many.EnumerateArray().Select(v => v.GetString()!)],
        _ => null,
    };
}
