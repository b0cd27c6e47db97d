using System.Text.Json;
using Microsoft.Extensions.Options;
using Portal.Billing.Subscriptions.Mail;
using Portal.Commands.Bench.Gateway;
using Portal.Commands.Bench.Marks;
using Portal.Commands.Bench.Texts;
using Portal.Database;
using Portal.Inference;

namespace Portal.Commands.Bench;

/// <summary><c>bench …</c>: measures one thing and prints the figures as one line of JSON.</summary>
public static class BenchCommand
{
    private const int RequestsDefault = 30;

    private const string Help = """
        Usage: bench pages [N]    the server's time for a start and for each page, N times each (1 to 10000; by default 30)
               bench charges      charges per second and the time of a hold
                     --database sqlite|Host=…  --wallets N (1000)  --concurrency N (256)  --seconds N (10)
               bench verify       rows per second that 'verify' proves
                     --database sqlite|Host=…  --rows N (1000000)
               bench renewals     how long it takes to renew many subscriptions that are due at once
                     --database sqlite|Host=…  --count N (100000)
               bench gateway      what authentication, limits, hold and settle add to a request whose model answers at once
                     --database sqlite|Host=…  --rate N (500; requests a second)  --seconds N (20; of each endpoint)
               bench images       pictures per second and the time of a step
                     --model ID (shapes)  --size N (the model's own)  --streams N (4)  --images N (20; of each stream)
               bench text         tokens per second and the time to the first token, of the portal's engine and of onnxruntime-genai's
                     --engine portal|genai|both  --model DIR (the shipped one)  --streams N (8)  --tokens N (64)  --seconds N (3)
               bench watermark    marks read after JPEG, noise, another brightness and a crop, by size of the picture
                     --images N (200; of each size)  --unmarked N (5000; read in vain)
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="words">What to measure.</param>
    /// <returns>0 measured, 1 measured and something failed, 2 called wrongly.</returns>
    public static async Task<int> Run(IServiceProvider services, IReadOnlyList<string> words, TextWriter output, TextWriter errors, CancellationToken cancel = default)
    {
        var requests = RequestsDefault;
        switch (words)
        {
            case ["pages"]:
            case ["pages", var text] when int.TryParse(text, out requests) && requests is >= 1 and <= 10_000:
                return await Pages(services, requests, output, errors, cancel);
            case ["charges"] when ChargeBenchOptions.Read(services.GetRequiredService<IConfiguration>()) is { } options:
                var charges = await new ChargeBench(options, services.GetRequiredService<TimeProvider>()).Measure(cancel);
                await output.WriteLineAsync(JsonSerializer.Serialize(charges, Json));
                return charges is { Verify: "clean", Overspent: 0 } ? 0 : 1;
            case ["verify"] when VerifyBench.Read(services.GetRequiredService<IConfiguration>(), services.GetRequiredService<TimeProvider>()) is { } bench:
                var verified = await bench.Measure(cancel);
                await output.WriteLineAsync(JsonSerializer.Serialize(verified, Json));
                return verified.Verify == "clean" ? 0 : 1;
            case ["renewals"] when RenewalBench.Read(
                services.GetRequiredService<IConfiguration>(), services.GetRequiredService<PlanLetters>(), services.GetRequiredService<TimeProvider>()) is { } bench:
                var renewed = await bench.Measure(cancel);
                await output.WriteLineAsync(JsonSerializer.Serialize(renewed, Json));
                return renewed is { Duplicates: 0, Verify: "clean" } && renewed.Count == renewed.Invoices ? 0 : 1;
            case ["text"] when TextBenchOptions.Read(services.GetRequiredService<IConfiguration>()) is { } options:
                var inference = services.GetRequiredService<IOptions<InferenceOptions>>().Value;
                var texts = await new TextBench(options, inference, services.GetRequiredService<TimeProvider>()).Measure(cancel);
                foreach (var engine in texts)
                {
                    await output.WriteLineAsync(JsonSerializer.Serialize(engine, Json));
                }

                return texts.All(engine => engine.IdenticalTokens != false) ? 0 : 1;
            case ["gateway"]:
                return await Gateway(services, output, errors, cancel);
            case ["watermark"]:
                return await Watermark(services, output, errors, cancel);
            case ["images"]:
                return await Images(services, output, errors, cancel);
            default:
                await errors.WriteLineAsync(Help);
                return 2;
        }
    }

    private static async Task<int> Pages(IServiceProvider services, int requests, TextWriter output, TextWriter errors, CancellationToken cancel)
    {
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

    private static async Task<int> Images(IServiceProvider services, TextWriter output, TextWriter errors, CancellationToken cancel)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        int? size = int.TryParse(configuration["size"], out var pixels) ? pixels : null;
        if (!int.TryParse(configuration["streams"] ?? "4", out var streams) || streams < 1 || !int.TryParse(configuration["images"] ?? "20", out var images) || images < 1
            || await new ImageBench(services.GetRequiredService<ModelHost>(), services.GetRequiredService<TimeProvider>())
                .Measure(configuration["model"] ?? "shapes", size, streams, images, cancel) is not { } figures)
        {
            await errors.WriteLineAsync(Help);
            return 2;
        }

        await output.WriteLineAsync(JsonSerializer.Serialize(figures, Json));
        return 0;
    }

    private static async Task<int> Gateway(IServiceProvider services, TextWriter output, TextWriter errors, CancellationToken cancel)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        if (!int.TryParse(configuration["rate"] ?? "500", out var rate) || rate is < 1 or > 1_000 || !int.TryParse(configuration["seconds"] ?? "20", out var seconds) || seconds is < 1 or > 3600)
        {
            await errors.WriteLineAsync(Help);
            return 2;
        }

        var bench = new GatewayBench(configuration["database"] ?? "sqlite", rate, TimeSpan.FromSeconds(seconds), services.GetRequiredService<TimeProvider>());
        var figures = await bench.Measure(cancel);
        await output.WriteLineAsync(JsonSerializer.Serialize(figures, Json));
        return figures is { Verify: "clean", Failed: 0 } ? 0 : 1;
    }

    private static async Task<int> Watermark(IServiceProvider services, TextWriter output, TextWriter errors, CancellationToken cancel)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var kinds = BenchPicture.Kinds.Count() + 1;
        if (!int.TryParse(configuration["images"] ?? "200", out var images) || images < kinds || !int.TryParse(configuration["unmarked"] ?? "5000", out var unmarked))
        {
            await errors.WriteLineAsync(Help);
            return 2;
        }

        var bench = new WatermarkBench(services.GetRequiredService<ModelHost>(), services.GetRequiredService<TimeProvider>());
        var figures = await bench.Measure(images / kinds, unmarked, cancel);
        await output.WriteLineAsync(JsonSerializer.Serialize(figures, Json));
        return figures.KeepsThePromise() ? 0 : 1;
    }

    private static decimal Ms(TimeSpan span) => decimal.Round((decimal)span.TotalMilliseconds, 1);
}
