namespace Portal.Data.Accounts;

/// <summary>A part of an account that usage and API keys are booked under.</summary>
public sealed class Project
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public required string Name { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
