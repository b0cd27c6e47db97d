using Portal.Inference;
using Portal.Inference.Lanes;
using Portal.Inference.Text;

namespace Portal.Commands.Bench.Texts;

/// <summary>The portal's engine on a model folder, as requests meet it behind the gateway: with its queue, its streams and its text.</summary>
internal sealed class PortalEngine(string folder, int streams, int threads, TimeProvider clock) : IDisposable
{
    private readonly LoneTextModel lone = new(folder, new() { Slots = streams, QueueMax = streams, Threads = threads, Device = InferenceDevice.Cpu }, clock);

    /// <summary>Answers a question to its end.</summary>
    /// <returns>Output tokens.</returns>
    public async Task<int> Answer(string question, int tokensMax, CancellationToken cancel)
    {
        var usage = new TextUsage(0, 0);
        await foreach (var delta in lone.Model.Generate(Request(question, tokensMax), cancel))
        {
            usage = delta.Usage;
        }

        return usage.OutputTokens;
    }

    /// <returns>The answer's token ids.</returns>
    public async Task<int[]> Ids(string question, int tokensMax, CancellationToken cancel)
    {
        var ids = new List<int>();
        await foreach (var delta in lone.Model.Generate(Request(question, tokensMax) with { Likelihoods = 0 }, cancel))
        {
            ids.AddRange(delta.Tokens.Select(token => token.Id));
        }

        return [.. ids];
    }

    public void Dispose() => lone.Dispose();

    // The lane for which no place is kept back: as many slots as streams are enough.
    private static TextRequest Request(string question, int tokensMax) => new([new("user", question)], tokensMax) { Lane = Lane.Dedicated };
}
