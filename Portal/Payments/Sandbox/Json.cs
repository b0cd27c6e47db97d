using System.Text.Json.Nodes;

namespace Portal.Payments.Sandbox;

/// <summary>Reads values that an object of the sandbox surely has; a missing one is a bug here.</summary>
internal static class Json
{
    public static string Text(JsonObject json, params ReadOnlySpan<string> path) => At(json, path)!.GetValue<string>();

    public static string? TextOrNull(JsonObject json, params ReadOnlySpan<string> path) => At(json, path)?.GetValue<string>();

    /// <summary>Numbers that were just written are of their C# type, those read back are JSON: both are read here.</summary>
    public static long Long(JsonObject json, params ReadOnlySpan<string> path)
    {
        var value = At(json, path)!.AsValue();
        if (value.TryGetValue<long>(out var number)) return number;
        return value.GetValue<int>();
    }

    public static bool Flag(JsonObject json, params ReadOnlySpan<string> path) => At(json, path)!.GetValue<bool>();

    private static JsonNode? At(JsonObject json, ReadOnlySpan<string> path)
    {
        JsonNode? node = json;
        foreach (var name in path) node = node?[name];
        return node;
    }
}
