namespace Portal.Inference.Hosting;

/// <summary>What lies in the configured directories now.</summary>
/// <param name="Found">Model folders by id; of two of a name the first.</param>
/// <param name="Missing">Directories that do not exist, by the name that they are shown under.</param>
/// <param name="Skipped">Folders that are hidden or whose name is taken.</param>
internal sealed record ModelFolders(IReadOnlyDictionary<string, string> Found, IReadOnlyDictionary<string, string> Missing, IReadOnlyList<string> Skipped)
{
    public static ModelFolders Scan(IReadOnlyList<string> directories)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var missing = new Dictionary<string, string>(StringComparer.Ordinal);
        var skipped = new List<string>();
        foreach (var directory in directories.Select(directory => Path.GetFullPath(directory, AppContext.BaseDirectory)))
        {
            if (!Directory.Exists(directory))
            {
                missing[Path.GetFileName(directory)] = directory;
                continue;
            }

            foreach (var folder in Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal))
            {
                var id = Path.GetFileName(folder);
                if (id.StartsWith('.') || !found.TryAdd(id, folder))
                {
                    skipped.Add(folder);
                }
            }
        }

        return new(found, missing, skipped);
    }
}
