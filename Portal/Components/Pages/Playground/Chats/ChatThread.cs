using Portal.Prompts.Chats;

namespace Portal.Components.Pages.Playground.Chats;

/// <summary>The conversation that is open. It holds as much as is kept of one, however long it goes on.</summary>
public sealed class ChatThread
{
    private readonly List<Turn> turns = [];

    public ChatThread()
    {
        Id = Guid.NewGuid();
    }

    public ChatThread(ChatView view)
    {
        (Id, Title, Kept) = (view.Id, view.Title, true);
        turns.AddRange(view.Turns.Select(Turn.Of));
    }

    public Guid Id { get; }

    /// <summary>Null until it is kept.</summary>
    public string? Title { get; set; }

    /// <summary>It is among the person's conversations.</summary>
    public bool Kept { get; set; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Turn> Turns => turns;

    public Turn? Last => turns.Count > 0 ? turns[^1] : null;

    /// <param name="replaces">Whose place it takes.</param>
    public void Add(Turn turn, Turn? replaces)
    {
        if (replaces is not null) turns.Remove(replaces);
        turns.Add(turn);
        var kept = ChatLimits.Kept(turns.AsEnumerable().Reverse().Select(t => t.Prompt.Length + t.Answer.Text.Length));
        turns.RemoveRange(0, turns.Count - kept);
    }

    /// <summary>What was to take its place has come to nothing.</summary>
    public void Restore(Turn turn) => turns.Insert(Math.Max(0, turns.Count - 1), turn);
}
