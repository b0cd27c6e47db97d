using System.Text.Json;

namespace Portal.Prompts.Api.Text;

/// <summary>Fields of a request that may hold one thing or several.</summary>
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

    /// <summary>Whether an array or an object holds anything.</summary>
    public static bool HasAny(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength() > 0,
        { ValueKind: JsonValueKind.Object } map => map.EnumerateObject().MoveNext(),
        _ => false,
    };
}
