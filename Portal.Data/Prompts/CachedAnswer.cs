namespace Portal.Data.Prompts;

/// <summary>An answer that an account's identical request gets again.</summary>
public sealed class CachedAnswer
{
    public Guid AccountId { get; set; }

    /// <summary>Hex SHA-256 of the model, its version, the messages and every parameter.</summary>
    public required string Key { get; set; }

    /// <summary>Under which project it was asked first.</summary>
    public Guid ProjectId { get; set; }

    public required string Text { get; set; }

    public int InputTokens { get; set; }

    public int OutputTokens { get; set; }

    /// <summary>Whether it ended because its tokens were used up.</summary>
    public bool Cut { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}
