using Portal.Inference.Images;
using Portal.Inference.Onnx;
using Portal.Inference.Text;

namespace Portal.Inference.Hosting;

/// <summary>A model in memory: its engine, and the face of it that requests get.</summary>
internal sealed class LoadedModel : IDisposable
{
    // Longer than most answers take; what still runs then is ended and charged for what it delivered.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly ModelUse use = new();
    private readonly IDisposable engine;
    private readonly Func<EngineLoad> load;
    private readonly ModelCounters counters;
    private readonly TimeProvider clock;

    /// <exception cref="InvalidDataException">The folder holds no model that can be run.</exception>
    public LoadedModel(string id, string folder, ModelKind kind, InferenceOptions options, TimeProvider clock)
    {
        counters = new(id, clock);
        this.clock = clock;
        var sessions = new OnnxSessions(options);
        if (kind == ModelKind.Text)
        {
            var text = new TextModel(id, folder, sessions, options, clock);
            (engine, load, Limit) = (text, () => text.Load, text.ContextLength);
            Text = new ServedText(text, use, counters);
        }
        else
        {
            var images = new ImageModel(id, folder, sessions, options, clock);
            (engine, load, Limit) = (images, () => images.Load, images.Limits.SizeMax);
            Images = new ServedImages(images, use, counters);
        }
    }

    public ServedText? Text { get; }

    public ServedImages? Images { get; }

    /// <summary>Tokens of the context, or pixels of a side at most.</summary>
    public int Limit { get; }

    public int Users => use.Users;

    public ModelFigures Figures => counters.Figures;

    public EngineLoad Load => load();

    /// <summary>Lets nobody in, waits for those who are there, for a while, and then ends what still runs.</summary>
    public async Task Unload()
    {
        using var waiting = new CancellationTokenSource(Grace, clock);
        await use.Close().WaitAsync(waiting.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        engine.Dispose();
    }

    /// <summary>Ends what runs at once.</summary>
    public void Dispose()
    {
        _ = use.Close();
        engine.Dispose();
    }
}
