using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Portal.Tests.Fixtures.Sources;

/// <summary>A text file of the repository, as git sees it: tracked, or new and not ignored.</summary>
/// <param name="Path">Relative to the repository, with forward slashes.</param>
public sealed record SourceFile(string Path, string[] Lines)
{
    private static readonly string[] Extensions = [".cs", ".razor", ".css", ".js", ".sh", ".resx", ".csproj", ".props", ".targets"];

    private static readonly Lazy<IReadOnlyList<SourceFile>> Read = new(() =>
        [.. Tracked.Where(path => Extensions.Contains(System.IO.Path.GetExtension(path)))
            .Select(path => new SourceFile(path, File.ReadAllLines(System.IO.Path.Combine(RepositoryFolder.Root, path))))]);

    private static readonly Lazy<IReadOnlyList<string>> List = new(AskGit);

    /// <summary>Every path of the repository.</summary>
    public static IReadOnlyList<string> Tracked => List.Value;

    public static IReadOnlyList<SourceFile> All => Read.Value;

    /// <summary>Files that people wrote, in C# and Razor: no migrations, which are generated.</summary>
    public static IEnumerable<SourceFile> Code => All.Where(file => file.IsCode && !file.IsIn("Portal.Data/Migrations"));

    public bool IsCode => System.IO.Path.GetExtension(Path) is ".cs" or ".razor";

    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>The lines that match, each as `path:line: text`. Lines of comment count only when asked for.</summary>
    public IEnumerable<string> Find(Regex pattern, bool comments = false) =>
        from line in Lines.Index()
        where (comments || !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal)) && pattern.IsMatch(line.Item)
        select $"{Path}:{line.Index + 1}: {line.Item.Trim()}";

    /// <summary>Fails with every finding on a line of its own.</summary>
    public static void AssertNone(IEnumerable<string> findings)
    {
        var lines = findings.ToList();
        Assert.True(lines.Count == 0, string.Join('\n', lines));
    }

    private static string[] AskGit()
    {
        var info = new ProcessStartInfo("git", ["-c", "core.quotePath=off", "ls-files", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = RepositoryFolder.Root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(info)!;
        var paths = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return [.. paths.Distinct().Where(path => File.Exists(System.IO.Path.Combine(RepositoryFolder.Root, path)))];
    }
}
