namespace Portal.Database;

/// <summary>
/// Where the portal keeps files of its own (the SQLite database, the mail pickup). <c>DataDirectory</c> in the
/// configuration; by default <c>data</c> beside Portal.sln in a checkout, so that a rebuild loses nothing and every
/// way of starting finds the same files, else <c>data</c> beside the executable.
/// </summary>
public sealed class DataDirectory
{
    public DataDirectory(IConfiguration configuration)
    {
        var configured = configuration["DataDirectory"];
        Path = System.IO.Path.GetFullPath(string.IsNullOrWhiteSpace(configured) ? System.IO.Path.Combine(Root(), "data") : configured);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "Portal.sln")))
            {
                return folder.FullName;
            }
        }

        return AppContext.BaseDirectory;
    }
}
