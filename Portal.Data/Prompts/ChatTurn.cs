namespace Portal.Data.Prompts;

/// <summary>What was asked and what was answered.</summary>
public sealed class ChatTurn
{
    /// <summary>The request's, which its usage record has too.</summary>
    public Guid Id { get; set; }

    public Guid ChatId { get; set; }

    public DateTimeOffset At { get; set; }

    public required string Model { get; set; }

    public required string Prompt { get; set; }

    public required string Answer { get; set; }

    /// <summary>How it ended, by name.</summary>
    public required string Finish { get; set; }

    /// <summary>Until the first piece of the answer.</summary>
    public int FirstMs { get; set; }

    /// <summary>Until the last one.</summary>
    public int TotalMs { get; set; }
}
