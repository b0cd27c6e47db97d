using System.Net.Http.Headers;
using System.Text;
using Portal.Billing.Verification;

namespace Portal.Commands.Bench.Gateway;

/// <summary>
/// What authentication, limits, hold and settle add to a request whose model answers at once. Both endpoints are asked in turns in one run, over
/// HTTP and at the same open-loop rate, because machines differ from minute to minute.
/// </summary>
public sealed class GatewayBench(string database, int perSecond, TimeSpan span, TimeProvider clock)
{
    private const int Rounds = 5;
    // The runtime compiles what is busy anew for a while, on the cores that are measured.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """{"model":"guide","messages":[{"role":"system","content":"You answer briefly."},{"role":"user","content":"Is a token a small piece of text?"}],"max_tokens":64}""");

    public async Task<GatewayFigures> Measure(CancellationToken cancel)
    {
        await using var portal = await GatewayPortal.Start(database, cancel);
        var secrets = await portal.Open(cancel);
        using var client = new HttpClient { BaseAddress = portal.Address };
        var next = 0;
        HttpRequestMessage Ask(string path) => new(HttpMethod.Post, path)
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", secrets[next++ % secrets.Count]) },
            Content = new ByteArrayContent(Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };

        var warming = new OpenLoop(client, clock);
        await warming.Run(() => Ask(GatewayPortal.Bare), perSecond, WarmUp, cancel);
        await warming.Run(() => Ask(GatewayPortal.Paid), perSecond, WarmUp, cancel);
        var (bare, paid) = (new OpenLoop(client, clock), new OpenLoop(client, clock));
        for (var round = 0; round < Rounds; round++)
        {
            await bare.Run(() => Ask(GatewayPortal.Bare), perSecond, span / Rounds, cancel);
            await paid.Run(() => Ask(GatewayPortal.Paid), perSecond, span / Rounds, cancel);
        }

        var books = await new BookVerifier(portal.Databases, clock).Verify(cancel: cancel);
        return new GatewayFigures(
            "gateway", portal.Database, Environment.ProcessorCount, paid.Answered, Round(paid.Answered / (decimal)paid.Span.TotalSeconds), Round(paid.Ms(50) - bare.Ms(50)),
            Round(paid.Ms(99) - bare.Ms(99)), Round(bare.Ms(50)), Round(bare.Ms(99)), Round(paid.Ms(50)), Round(paid.Ms(99)), Round(CpuMs(paid) - CpuMs(bare)), bare.Failed + paid.Failed + warming.Failed,
            books.Clean ? "clean" : string.Join("; ", books.Findings.Take(3)));
    }

    private static decimal CpuMs(OpenLoop loop) => (decimal)loop.Cpu.TotalMilliseconds / Math.Max(1, loop.Answered);

    private static decimal Round(decimal figure) => decimal.Round(figure, 2);
}
