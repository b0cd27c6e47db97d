using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Portal.Commands.Bench;

/// <summary>Starts this very program in a folder of its own and takes the time until it says that it is ready.</summary>
public static class StartBench
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <returns>With no database yet, and with one that is up to date.</returns>
    public static async Task<(TimeSpan First, TimeSpan Cold)> Measure(TimeProvider clock, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("portal-bench").FullName;
        try
        {
            return (await Start(clock, folder, cancel), await Start(clock, folder, cancel));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<TimeSpan> Start(TimeProvider clock, string folder, CancellationToken cancel)
    {
        var address = $"http://localhost:{SparePort()}";
        var program = Environment.ProcessPath!;
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(StartBench).Assembly.Location] : [];
        var info = new ProcessStartInfo(program, [.. host, "serve", $"--Urls={address}", $"--DataDirectory={folder}", "--Database:Provider=Sqlite", "--Database:ConnectionString="])
        {
            RedirectStandardOutput = true,
        };
        using var client = new HttpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        var start = clock.GetTimestamp();
        using var portal = Process.Start(info)!;
        portal.OutputDataReceived += (_, _) => { };
        portal.BeginOutputReadLine();
        try
        {
            while (!await IsReady(client, new Uri($"{address}/health/ready"), limit.Token))
            {
                if (portal.HasExited)
                {
                    throw new InvalidOperationException($"The portal ended with code {portal.ExitCode} instead of starting.");
                }

                await Task.Delay(Pause, clock, limit.Token);
            }

            return clock.GetElapsedTime(start);
        }
        finally
        {
            portal.Kill(entireProcessTree: true);
            await portal.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<bool> IsReady(HttpClient client, Uri address, CancellationToken cancel)
    {
        try
        {
            using var answer = await client.GetAsync(address, cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int SparePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
