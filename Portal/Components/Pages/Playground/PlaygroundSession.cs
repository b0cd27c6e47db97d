using Portal.Components.Pages.Playground.Answers;

namespace Portal.Components.Pages.Playground;

/// <summary>The playground of one open tab: it outlives going to another page and back, and nothing else.</summary>
public sealed class PlaygroundSession
{
    private const int EntriesMax = 12;

    private readonly List<PlaygroundEntry> entries = [];

    public PlaygroundForm Form { get; } = new();

    /// <summary>Newest first.</summary>
    public IReadOnlyList<PlaygroundEntry> Entries => entries;

    public void Add(PlaygroundEntry entry)
    {
        entries.Insert(0, entry);
        if (entries.Count > EntriesMax) entries.RemoveAt(EntriesMax);
    }
}
