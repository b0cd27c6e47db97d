using System.Diagnostics;

namespace Portal.Tests.Fixtures.Running;

/// <summary>The built portal as a process of its own, as an operator runs it: to be killed, restarted, and asked its command line's verbs.</summary>
public sealed class PortalProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> errors;

    private PortalProcess(Process process, Uri address)
    {
        this.process = process;
        Address = address;
        output = process.StandardOutput.ReadToEndAsync();
        errors = process.StandardError.ReadToEndAsync();
        Client = new HttpClient { BaseAddress = address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>Serves a database on a spare port, and returns once it answers that it is ready.</summary>
    /// <param name="folder">Where the portal keeps its own files; the same folder again is the same portal after a restart.</param>
    public static async Task<PortalProcess> ServeAsync(TestDatabase database, string folder, params (string Key, string Value)[] settings)
    {
        var address = new Uri($"http://localhost:{PostgresCluster.SparePort()}/");
        var portal = new PortalProcess(Start(["serve"], database, folder, [("ASPNETCORE_URLS", address.ToString().TrimEnd('/')), .. settings]), address);
        try
        {
            await Until.TrueAsync("the portal process is ready", portal.IsReadyAsync);
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one verb of the command line, such as `verify`, to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] arguments, TestDatabase database, string folder)
    {
        await using var portal = new PortalProcess(Start(arguments, database, folder, []), new Uri("http://localhost/"));
        await portal.process.WaitForExitAsync();
        return (portal.process.ExitCode, await portal.output, await portal.errors);
    }

    /// <summary>Ends it as a power cut would: SIGKILL, no clean-up.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Ends it as an operator does, with SIGTERM, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        Client.Dispose();
        process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        if (process.HasExited) throw new InvalidOperationException($"The portal ended with code {process.ExitCode}:\n{await output}\n{await errors}");
        try
        {
            using var response = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Process Start(string[] arguments, TestDatabase database, string folder, (string Key, string Value)[] settings)
    {
        // The tests lie in Portal.Tests/bin/CONFIGURATION/FRAMEWORK, the portal in Portal/bin/CONFIGURATION/FRAMEWORK.
        var build = Path.GetRelativePath(Path.Combine(RepositoryFolder.Root, "Portal.Tests"), AppContext.BaseDirectory);
        var info = new ProcessStartInfo("dotnet", [Path.Combine(RepositoryFolder.Root, "Portal", build, "Portal.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        info.Environment["DataDirectory"] = folder;
        foreach (var (key, value) in database.Settings.Select(pair => (pair.Key, pair.Value)).Concat(settings))
            info.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return Process.Start(info)!;
    }
}
