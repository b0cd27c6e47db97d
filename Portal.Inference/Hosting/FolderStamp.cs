namespace Portal.Inference.Hosting;

/// <summary>Tells whether a model's folder is still the one that was loaded.</summary>
internal readonly record struct FolderStamp(int Files, long Bytes, DateTime Newest)
{
    /// <returns>An empty one when the folder cannot be read.</returns>
    public static FolderStamp Of(string folder)
    {
        try
        {
            var files = new DirectoryInfo(folder).GetFiles("*", SearchOption.AllDirectories);
            return files.Length == 0 ? default : new(files.Length, files.Sum(file => file.Length), files.Max(file => file.LastWriteTimeUtc));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
