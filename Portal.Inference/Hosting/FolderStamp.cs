using Portal.Inference.Onnx;

namespace Portal.Inference.Hosting;

/// <summary>Tells whether a model's folder is still the one that was loaded.</summary>
internal readonly record struct FolderStamp(int Files, long Bytes, DateTime Newest)
{
    /// <returns>An empty one when the folder cannot be read.</returns>
    public static FolderStamp Of(string folder)
    {
        try
        {
            var files = ModelFolder.Files(folder).ToList();
            return files.Count == 0 ? default : new(files.Count, files.Sum(file => file.Length), files.Max(file => file.LastWriteTimeUtc));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
