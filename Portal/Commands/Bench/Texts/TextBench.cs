using Portal.Inference;

namespace Portal.Commands.Bench.Texts;

/// <summary>Tokens per second and the time to the first token of the portal's engine and of onnxruntime-genai's, in turns on the same folder.</summary>
public sealed class TextBench(TextBenchOptions options, InferenceOptions inference, TimeProvider clock)
{
    private const int Rounds = 3;
    private const int FirstTokensMin = 5;
    private const int FirstTokensMax = 40;
    private const int ComparedMin = 4;

    private static readonly string[] Questions =
    [
        "How do I top up?", "What is a token?", "What does a prompt cost?", "How do I get a refund?", "Where do I find my invoices?", "How do I create an API key?",
        "What happens when my quota is used up?", "Can students share a plan?", "如何充值？", "什么是 token？", "怎么查看发票？", "额度用完了怎么办？",
        "How do alerts work?", "Which plan should I choose for a class of thirty students?", "What does the burn chart show?", "How do I cancel my plan?",
    ];

    private readonly string folder = Path.GetFullPath(options.Folder ?? Path.Combine(AppContext.BaseDirectory, "Models", "guide"));

    /// <returns>One line for each engine that ran; the portal's last.</returns>
    public async Task<IReadOnlyList<TextFigures>> Measure(CancellationToken cancel)
    {
        using var portal = options.Engine == "genai" ? null : new PortalEngine(folder, options.Streams, inference.Threads, clock);
        using var genai = options.Engine == "portal" ? null : new GenaiEngine(folder, inference.Threads);
        var prompts = genai is null ? [] : Questions.Select(genai.Encode).ToList();
        var identical = portal is null || genai is null ? (bool?)null : await AreIdentical(portal, genai, prompts, cancel);
        var (ours, theirs, waits) = (new List<decimal>(), new List<decimal>(), new List<decimal>());
        for (var round = 0; round < Rounds; round++)
        {
            if (genai is not null)
            {
                theirs.Add(Round(genai, prompts, waits));
            }

            if (portal is not null)
            {
                ours.Add(await Round(portal, cancel));
            }
        }

        var copy = CopyBandwidth.Measure(inference.Threads, clock);
        var figures = new List<TextFigures>();
        if (genai is not null)
        {
            var idle = await FirstTokens(i => Task.FromResult(genai.Generate(prompts[i % prompts.Count], 1)));
            figures.Add(Line("genai", Median(theirs), idle, waits, null, copy) with { IdenticalTokens = identical });
        }

        if (portal is not null)
        {
            var (idle, loaded) = (await TimesToFirst(portal, 0, cancel), await TimesToFirst(portal, options.Streams - 1, cancel));
            var ratio = genai is null ? (decimal?)null : decimal.Round(Median([.. ours.Zip(theirs, (our, their) => our / their)]), 2);
            figures.Add(Line("portal", Median(ours), idle, loaded, decimal.Round(Percentile(loaded, 95) / Median(idle), 2), copy) with { IdenticalTokens = identical, Ratio = ratio });
        }

        return figures;
    }

    private TextFigures Line(string engine, decimal perSecond, List<decimal> idle, List<decimal> loaded, decimal? firstRatio, decimal copy)
    {
        // Every file of the graph: its own, and those of external data that are named after it.
        var weights = (decimal)Directory.EnumerateFiles(folder, "*.onnx*").Sum(file => new FileInfo(file).Length);
        var steps = engine == "genai" ? perSecond : perSecond / options.Streams;
        return new(
            engine, options.Streams, inference.Threads, decimal.Round(perSecond, 1), decimal.Round(Median(idle), 2), decimal.Round(Percentile(loaded, 95), 2), firstRatio, null, null,
            decimal.Round(weights * steps / copy, 3), decimal.Round(weights / 1_000_000, 1), decimal.Round(copy / 1_000_000_000, 1));
    }

    /// <summary>The portal answers as many as it has streams at once.</summary>
    private async Task<bool> AreIdentical(PortalEngine portal, GenaiEngine genai, List<int[]> prompts, CancellationToken cancel)
    {
        var count = Math.Max(ComparedMin, options.Streams);
        var distinct = Math.Min(count, prompts.Count);
        var next = -1;
        var answers = new int[count][];
        await Task.WhenAll(Enumerable.Range(0, options.Streams).Select(_ => Task.Run(
            async () =>
            {
                for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                {
                    answers[i] = await portal.Ids(Questions[i % distinct], options.Tokens, cancel);
                }
            },
            cancel)));
        var expected = prompts.Take(distinct).Select(prompt => genai.Generate(prompt, options.Tokens)).ToList();
        return answers.Index().All(answer => answer.Item.SequenceEqual(expected[answer.Index % distinct]));
    }

    private decimal Round(GenaiEngine genai, List<int[]> prompts, List<decimal> waits)
    {
        var start = clock.GetTimestamp();
        var tokens = 0L;
        for (var sweep = 0; clock.GetElapsedTime(start).TotalSeconds < options.Seconds; sweep++)
        {
            var asked = clock.GetTimestamp();
            for (var stream = 0; stream < options.Streams; stream++)
            {
                tokens += genai.Generate(prompts[(sweep + stream) % prompts.Count], options.Tokens, () => waits.Add((decimal)clock.GetElapsedTime(asked).TotalMilliseconds)).Length;
            }
        }

        return tokens / (decimal)clock.GetElapsedTime(start).TotalSeconds;
    }

    private async Task<decimal> Round(PortalEngine portal, CancellationToken cancel)
    {
        var start = clock.GetTimestamp();
        var tokens = 0L;
        await Task.WhenAll(Enumerable.Range(0, options.Streams).Select(stream => Task.Run(
            async () =>
            {
                for (var sweep = 0; clock.GetElapsedTime(start).TotalSeconds < options.Seconds; sweep++)
                {
                    Interlocked.Add(ref tokens, await portal.Answer(Questions[(sweep + stream) % Questions.Length], options.Tokens, cancel));
                }
            },
            cancel)));
        return tokens / (decimal)clock.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Milliseconds from request to first token, of requests one after the other while others are answered.</summary>
    private async Task<List<decimal>> TimesToFirst(PortalEngine portal, int others, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var load = Enumerable.Range(0, others).Select(stream => Task.Run(
            async () =>
            {
                for (var sweep = 0; !enough.IsCancellationRequested; sweep++)
                {
                    await portal.Answer(Questions[(sweep + stream) % Questions.Length], options.Tokens, cancel);
                }
            },
            cancel)).ToList();
        var times = await FirstTokens(i => portal.Answer(Questions[i % Questions.Length], 1, cancel));
        await enough.CancelAsync();
        await Task.WhenAll(load);
        return times;
    }

    /// <summary>Milliseconds that answers of one token take, one after the other; fewer of them where each takes long.</summary>
    private async Task<List<decimal>> FirstTokens(Func<int, Task> answer)
    {
        var times = new List<decimal>();
        var begin = clock.GetTimestamp();
        while (times.Count < FirstTokensMin || (times.Count < FirstTokensMax && clock.GetElapsedTime(begin).TotalSeconds < options.Seconds))
        {
            var start = clock.GetTimestamp();
            await answer(times.Count);
            times.Add((decimal)clock.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    private static decimal Median(List<decimal> values) => Percentile(values, 50);

    private static decimal Percentile(List<decimal> values, int percent) => values.Order().ElementAt(Math.Min(values.Count - 1, values.Count * percent / 100));
}
