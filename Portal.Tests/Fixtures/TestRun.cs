using Portal.Tests.Browser;
using Portal.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(TestRun))]

namespace Portal.Tests.Fixtures;

/// <summary>What is started once for the whole run, when a test first asks for it, and stopped when the run ends.</summary>
public sealed class TestRun : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresCluster>> LazyPostgres = new(PostgresCluster.StartAsync);
    private static readonly Lazy<Task<Chromium>> LazyChromium = new(Browser.Chromium.StartAsync);

    public static Task<PostgresCluster> Postgres => LazyPostgres.Value;

    public static Task<Chromium> Chromium => LazyChromium.Value;

    public async ValueTask DisposeAsync()
    {
        if (LazyChromium.IsValueCreated) await (await LazyChromium.Value).DisposeAsync();
        if (LazyPostgres.IsValueCreated) await (await LazyPostgres.Value).DisposeAsync();
        DatabaseTemplates.Delete();
    }
}
