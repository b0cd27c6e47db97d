using System.Text.Json;

namespace Portal.Inference.Onnx;

/// <summary>Reads a model folder's files with errors that name the file.</summary>
internal static class ModelFiles
{
    /// <exception cref="InvalidDataException">The file is missing or not JSON.</exception>
    public static JsonDocument ReadJson(string folder, string name)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(Find(folder, name)));
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
}
