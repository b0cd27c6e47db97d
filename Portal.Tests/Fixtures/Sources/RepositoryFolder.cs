namespace Portal.Tests.Fixtures.Sources;

/// <summary>Where the sources of this solution and the artefacts of its tests lie.</summary>
public static class RepositoryFolder
{
    public static string Root { get; } = Directory.GetParent(AppContext.BaseDirectory)!.Ancestors().First(folder => File.Exists(Path.Combine(folder, "Portal.sln")));

    /// <summary>A file under the git-ignored Portal.Tests/TestResults; its folder is created.</summary>
    public static string Result(params ReadOnlySpan<string> path)
    {
        var file = Path.Combine([Root, "Portal.Tests", "TestResults", .. path]);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }

    private static IEnumerable<string> Ancestors(this DirectoryInfo folder)
    {
        for (var at = folder; at is not null; at = at.Parent) yield return at.FullName;
    }
}
