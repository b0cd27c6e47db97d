using Portal.Components.Pages.Playground.Chats;
using Portal.Components.Pages.Playground.Compare;
using Portal.Components.Pages.Playground.Images;
using Portal.Components.Pages.Playground.Requests;
using Portal.Data;
using Portal.Data.Prompts;

namespace Portal.Components.Pages.Playground;

/// <summary>
/// The playground of one open tab: it outlives going to another page and back, and nothing else. It holds a bounded number of answers, whatever is sent.
/// </summary>
public sealed class PlaygroundSession
{
    public const int DrawingsMax = 12;
    public const int ComparisonsMax = 6;

    private readonly List<Drawing> drawings = [];
    private readonly List<Comparison> comparisons = [];

    /// <summary>The names that the operator gave to models, with the models behind them.</summary>
    public IReadOnlyList<ModelAlias> Aliases { get; set; } = [];

    public PlaygroundMode Mode { get; set; }

    public TextForm ChatForm { get; } = new();

    public ImageForm ImageForm { get; } = new();

    public CompareForm CompareForm { get; } = new();

    /// <summary>The conversation that is open.</summary>
    public ChatThread Thread { get; private set; } = new();

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Drawing> Drawings => drawings;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Comparison> Comparisons => comparisons;

    /// <summary>The model behind a name, which may be its own.</summary>
    public string ModelOf(string? name, Unit unit) => Aliases.FirstOrDefault(a => a.Unit == unit && a.Name == name)?.Model ?? name ?? "";

    public void Open(ChatThread thread) => Thread = thread;

    /// <returns>What is no longer held.</returns>
    public Drawing? Add(Drawing drawing)
    {
        drawings.Insert(0, drawing);
        if (drawings.Count <= DrawingsMax) return null;
        var oldest = drawings[^1];
        drawings.RemoveAt(DrawingsMax);
        return oldest;
    }

    public void Add(Comparison comparison)
    {
        comparisons.Insert(0, comparison);
        if (comparisons.Count > ComparisonsMax) comparisons.RemoveAt(ComparisonsMax);
    }
}
