using Portal.Tests.Browser;
using Portal.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(TestRun))]

namespace Portal.Tests.Fixtures;

/// <summary>What is started once for the whole run, when a test first asks for it, and stopped when the run ends.</summary>
public sealed class TestRun : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresCluster>> LazyPostgres = new(PostgresCluster.StartAsync);
    private static readonly Lazy<Task<Chromium>> LazyChromium = new(Browser.Chromium.StartAsync);

    private static readonly Lazy<string> LazyFolder = new(() => Directory.CreateTempSubdirectory("portal-tests").FullName);

    /// <summary>For files that nobody needs after the run.</summary>
    public static string Folder => LazyFolder.Value;

    public static Task<PostgresCluster> Postgres => LazyPostgres.Value;

    public static Task<Chromium> Chromium => LazyChromium.Value;

    /// <summary>A new, empty folder for one test.</summary>
    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, $"{Guid.NewGuid():N}")).FullName;

    public async ValueTask DisposeAsync()
    {
        if (LazyChromium.IsValueCreated) await (await LazyChromium.Value).DisposeAsync();
        if (LazyPostgres.IsValueCreated) await (await LazyPostgres.Value).DisposeAsync();
        if (LazyFolder.IsValueCreated) Directory.Delete(Folder, recursive: true);
    }
}
