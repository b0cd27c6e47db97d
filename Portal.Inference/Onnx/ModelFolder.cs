using System.IO.Enumeration;

namespace Portal.Inference.Onnx;

/// <summary>Tells what a folder holds by the file that the common exporters put at its top.</summary>
internal static class ModelFolder
{
    public const string TextFile = "genai_config.json";
    public const string ImageFile = "model_index.json";

    /// <summary>All files of a folder. A link to a folder is not followed: it may lead in a circle, or to everything that there is.</summary>
    public static IEnumerable<FileInfo> Files(string folder) => new FileSystemEnumerable<FileInfo>(
        folder, (ref entry) => (FileInfo)entry.ToFileSystemInfo(), new() { RecurseSubdirectories = true, AttributesToSkip = default, IgnoreInaccessible = false })
    {
        ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
        ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
    };

    /// <exception cref="InvalidDataException">It is neither kind of model, or cannot be read.</exception>
    public static ModelKind KindOf(string folder)
    {
        try
        {
            var names = Directory.EnumerateFiles(folder).Select(Path.GetFileName).ToHashSet();
            return names.Contains(TextFile) ? ModelKind.Text
                : names.Contains(ImageFile) ? ModelKind.Image
                : throw new InvalidDataException($"The folder has neither {TextFile} (a text model) nor {ImageFile} (an image model).");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The folder cannot be read: {e.Message}", e);
        }
    }
}
