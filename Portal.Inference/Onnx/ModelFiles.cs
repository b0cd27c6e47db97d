using System.Text.Json;

namespace Portal.Inference.Onnx;

/// <summary>Reads a model folder's files with errors that name the file or the key.</summary>
internal static class ModelFiles
{
    /// <exception cref="InvalidDataException">The file is missing or not a JSON object.</exception>
    public static JsonDocument ReadJson(string folder, string name)
    {
        try
        {
            var json = JsonDocument.Parse(File.ReadAllText(Find(folder, name)));
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw new InvalidDataException($"{name} is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{name} is not valid JSON: {e.Message}", e);
        }
    }

    /// <exception cref="InvalidDataException">The file is missing, or the name leads out of the folder.</exception>
    public static string Find(string folder, string name)
    {
        var path = Path.GetFullPath(Path.Combine(folder, name));
        if (!path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name} lies outside the model folder.");
        }

        return File.Exists(path) ? path : throw new InvalidDataException($"{name} is missing.");
    }

    /// <summary>A graph's file and those of external data that are named after it.</summary>
    public static long GraphBytes(string folder, string name)
    {
        var path = Find(folder, name);
        return Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*").Sum(file => new FileInfo(file).Length);
    }

    /// <exception cref="InvalidDataException">There is no such key, or it holds something else.</exception>
    public static JsonElement Get(this JsonElement parent, string key, JsonValueKind kind) =>
        parent.TryGetProperty(key, out var value) && value.ValueKind == kind ? value : throw new InvalidDataException($"{key} is missing or not of kind {kind}.");

    /// <exception cref="InvalidDataException">There is no such key, or it is not a whole number from 1 to <paramref name="max"/>.</exception>
    public static int GetCount(this JsonElement parent, string key, int max) =>
        parent.Get(key, JsonValueKind.Number).TryGetInt32(out var value) && value >= 1 && value <= max
            ? value
            : throw new InvalidDataException($"{key} must be a whole number from 1 to {max}.");

    /// <summary>A text, or the fallback when there is no such key.</summary>
    public static string GetText(this JsonElement parent, string key, string fallback) =>
        parent.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : fallback;
}
