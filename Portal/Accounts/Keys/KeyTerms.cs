using Portal.Data.Accounts;

namespace Portal.Accounts.Keys;

/// <summary>What a new key is for.</summary>
/// <param name="ProjectId">What it is used for is booked under it; null: the caller's own.</param>
public sealed record KeyTerms(string Name, Guid? ProjectId = null)
{
    public KeyEndpoints Endpoints { get; init; } = KeyEndpoints.All;

    /// <summary>Ids; empty: all, also those to come.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Null: it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
