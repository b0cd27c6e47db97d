using System.Text.Json;
using Portal.Database;

namespace Portal.Commands;

/// <summary><c>bench pages</c>: how long the server takes for a start and for each page, as one line of JSON.</summary>
public static class BenchCommand
{
    private const int RequestsDefault = 30;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="words">What to measure, and how often each page: <c>pages [N]</c>.</param>
    /// <returns>0 measured, 1 some page failed, 2 called wrongly.</returns>
    public static async Task<int> Run(IServiceProvider services, IReadOnlyList<string> words, TextWriter output, TextWriter errors, CancellationToken cancel = default)
    {
        var requests = RequestsDefault;
        if (words is not (["pages"] or ["pages", _]) || (words.Count == 2 && !int.TryParse(words[1], out requests)) || requests is < 1 or > 10_000)
        {
            await errors.WriteLineAsync("Usage: bench pages [N]: N times each page, 1 to 10000; by default 30.");
            return 2;
        }

        if (!services.GetRequiredService<IHostEnvironment>().IsDevelopment())
        {
            await errors.WriteLineAsync("The pages are measured as the demo people see them: set DOTNET_ENVIRONMENT=Development and a data directory of its own.");
            return 2;
        }

        var (first, cold) = await StartBench.Measure(services.GetRequiredService<TimeProvider>(), cancel);
        await services.GetServices<IHostedService>().OfType<Preparation>().Single().Prepare(cancel);
        await services.GetRequiredService<DemoPeople>().Ensure(cancel);
        var pages = await new PageBench(services).Measure(requests, cancel);
        await output.WriteLineAsync(JsonSerializer.Serialize(
            new
            {
                Bench = "pages", Requests = requests, Environment.ProcessorCount, FirstStartMs = Ms(first), ColdStartMs = Ms(cold),
                SlowestP95Ms = pages.Max(p => Ms(p.P95)),
                Pages = pages.Select(p => new { p.Path, p.Person, P50Ms = Ms(p.P50), P95Ms = Ms(p.P95), p.Failed }),
            }, Json));
        return pages.Any(p => p.Failed) ? 1 : 0;
    }

    private static decimal Ms(TimeSpan span) => decimal.Round((decimal)span.TotalMilliseconds, 1);
}
