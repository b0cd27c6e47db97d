namespace Portal.Data.Prompts;

/// <summary>A conversation of the playground. It is its person's alone; nobody else of the account reads it.</summary>
public sealed class Chat
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public Guid PersonId { get; set; }

    public required string Title { get; set; }

    /// <summary>What the model was told before the first turn; empty: nothing.</summary>
    public string System { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public List<ChatTurn> Turns { get; set; } = [];
}
