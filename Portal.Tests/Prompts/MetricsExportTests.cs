using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Portal.Inference.Hosting;
using Portal.Inference.Text;
using Portal.Prompts;

namespace Portal.Tests.Prompts;

public sealed class MetricsExportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_collector_is_told_what_the_models_do()
    {
        using var collector = new HttpListener();
        var address = Listen(collector);
        using var export = new MetricsExport(new ConfigurationBuilder().AddInMemoryCollection([new(MetricsExport.Key, $"{address}v1/metrics")]).Build());
        await export.StartAsync(Cancel);
        var received = Receive(collector);
        var engine = new ScriptedText { Id = "measured" }.Say(5);
        var served = new ServedText(engine, new ModelUse(), new ModelCounters(engine.Id, TimeProvider.System));
        await served.Generate(new TextRequest([new("user", "how to top up")], 5), Cancel).ToListAsync(Cancel);

        await export.StopAsync(Cancel);

        var (path, body) = await received.WaitAsync(Cancel);
        Assert.Equal("/v1/metrics", path);
        Assert.Contains("gen_ai.server.time_to_first_token", body, StringComparison.Ordinal);
        Assert.Contains("measured", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_collector_nothing_is_sent()
    {
        using var export = new MetricsExport(new ConfigurationBuilder().Build());
        await export.StartAsync(Cancel);
        Assert.True(export.StopAsync(Cancel).IsCompletedSuccessfully);
    }

    private static string Listen(HttpListener collector)
    {
        using var port = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var address = $"http://localhost:{((IPEndPoint)port.LocalEndpoint).Port}/";
        port.Stop();
        collector.Prefixes.Add(address);
        collector.Start();
        return address;
    }

    private static async Task<(string Path, string Body)> Receive(HttpListener collector)
    {
        var http = await collector.GetContextAsync();
        using var body = new MemoryStream();
        await http.Request.InputStream.CopyToAsync(body);
        http.Response.Close();
        return (http.Request.Url!.AbsolutePath, Encoding.UTF8.GetString(body.ToArray()));
    }
}
