using System.Net;
using System.Net.Sockets;

namespace Portal.Tests.Accounts.Mail;

/// <summary>A mail server of a test's own: speaks as much SMTP as it takes to accept letters, or to refuse their readers; or says nothing at all.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly bool refuses;
    private readonly bool silent;
    private readonly Task serving;

    public MailServer(bool refuses = false, bool silent = false)
    {
        (this.refuses, this.silent) = (refuses, silent);
        listener.Start();
        serving = Serve();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What came after DATA, a text a letter.</summary>
    public List<string> Letters { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving;
        stop.Dispose();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                await Talk(client);
            }
        }
        catch (Exception end) when (stop.IsCancellationRequested && end is OperationCanceledException or InvalidOperationException or SocketException or IOException)
        {
            // The test is over.
        }
    }

    private async Task Talk(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        if (!silent) await writer.WriteLineAsync("220 ready");
        while (await reader.ReadLineAsync(stop.Token) is { } line && !line.StartsWith("QUIT", StringComparison.Ordinal))
        {
            if (line == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                var lines = new List<string>();
                while (await reader.ReadLineAsync(stop.Token) is { } data && data != ".") lines.Add(data);
                Letters.Add(string.Join('\n', lines));
            }
            await writer.WriteLineAsync(refuses && line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 nobody here" : "250 ok");
        }
    }
}
