namespace Portal.Inference.Hosting;

/// <summary>What lies in the configured directories now.</summary>
/// <param name="Found">Model folders by id; of two of a name the first.</param>
/// <param name="Broken">Directories that cannot be looked into, with the reason.</param>
/// <param name="Skipped">Folders that are hidden or whose name is taken.</param>
internal sealed record ModelFolders(IReadOnlyDictionary<string, string> Found, IReadOnlyDictionary<string, string> Broken, IReadOnlyList<string> Skipped)
{
    public static ModelFolders Scan(IReadOnlyList<string> directories)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var broken = new Dictionary<string, string>(StringComparer.Ordinal);
        var skipped = new List<string>();
        foreach (var directory in directories.Select(directory => Path.GetFullPath(directory, AppContext.BaseDirectory)))
        {
            foreach (var folder in FoldersOf(directory, broken))
            {
                var id = Path.GetFileName(folder);
                if (id.StartsWith('.') || !found.TryAdd(id, folder))
                {
                    skipped.Add(folder);
                }
            }
        }

        return new(found, broken, skipped);
    }

    /// <summary>Whether a folder that was not found may be there all the same.</summary>
    public bool MayHold(string folder) => Path.GetDirectoryName(folder) is { } directory && Broken.ContainsKey(directory) && Directory.Exists(directory);

    private static List<string> FoldersOf(string directory, Dictionary<string, string> broken)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            broken[directory] =
                Directory.Exists(directory) ? $"The directory {directory} cannot be read: {e.Message}" : $"The directory {directory} does not exist.";
            return [];
        }
    }
}
