namespace Portal.Data.Accounts;

/// <summary>A part of an account that usage and API keys are booked under.</summary>
public sealed class Project
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public required string Name { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Set: nothing new is booked under it, and it has no key in use. Its usage stays.</summary>
    public DateTimeOffset? ArchivedAt { get; set; }

    /// <summary>Whether prompts under it may be answered from the account's earlier answers, unless the request says otherwise.</summary>
    public bool CacheAnswers { get; set; }
}
