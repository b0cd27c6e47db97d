using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Data;

namespace Portal.Tests.Fixtures.Running;

/// <summary>
/// The real portal in this process, in Development with its demo people, on a port, a database and a data folder of its own.
/// As a class fixture it is shared by the tests of a class; derive from it to change the database or the services.
/// </summary>
public class PortalApp : IAsyncLifetime
{
    private readonly ErrorLog errors = new();
    private readonly string data = TestRun.NewFolder();
    private WebApplicationFactory<Program>? factory;
    private TestDatabase? database;

    /// <summary>Where it listens, such as `http://localhost:40123/`.</summary>
    public Uri Address { get; private set; } = null!;

    public TestDatabase Database => database ?? throw new InvalidOperationException("The portal has not been started.");

    public IServiceProvider Services => factory!.Services;

    /// <summary>The folder that the portal keeps its own files in, the mail pickup among them.</summary>
    public string DataFolder => data;

    /// <summary>What it has logged as an error so far, oldest first. A portal that works logs none.</summary>
    public IReadOnlyList<string> Errors => errors.Lines;

    protected virtual DatabaseProvider Provider => DatabaseProvider.Sqlite;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync(Provider);
        var port = PostgresCluster.SparePort();
        Address = new Uri($"http://localhost:{port}/");
        factory = new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment("Development");
            builder.UseSetting("Urls", Address.ToString().TrimEnd('/'));
            builder.UseSetting("DataDirectory", data);

            // What people have is what a test gave them.
            builder.UseSetting("Trial:Amount", "0");
            foreach (var (key, value) in database.Settings) builder.UseSetting(key, value);
            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(errors));
            Configure(builder);
            // A password's hash is slow on purpose, and no test is about that.
            builder.ConfigureTestServices(services => services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1));
            builder.ConfigureTestServices(Configure);
        });
        factory.UseKestrel(port);
        factory.StartServer();
        using var client = NewClient();
        await Until.TrueAsync("the portal is ready", async () => (await client.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode);
    }

    /// <summary>A client with cookies of its own that follows no redirect.</summary>
    public HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    public async ValueTask DisposeAsync()
    {
        if (factory is not null) await factory.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
        Directory.Delete(data, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Changes settings of the host before it is built.</summary>
    protected virtual void Configure(IWebHostBuilder builder) { }

    /// <summary>Replaces services after the portal has registered its own, such as the clock.</summary>
    protected virtual void Configure(IServiceCollection services) { }
}
