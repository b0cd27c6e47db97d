namespace Portal.Data.Accounts;

/// <summary>A secret that calls the API in a member's name. Only its SHA-256 is kept.</summary>
public sealed class ApiKey
{
    /// <summary>Characters of all model ids together.</summary>
    public const int ModelsLengthMax = 1000;

    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public Guid ProjectId { get; set; }

    /// <summary>Whose seat and rights the key has.</summary>
    public Guid MembershipId { get; set; }

    public required string Name { get; set; }

    /// <summary>The first characters of the secret, to recognise it by.</summary>
    public required string Prefix { get; set; }

    /// <summary>Hex SHA-256 of the whole secret; unique.</summary>
    public required string Hash { get; set; }

    /// <summary>Of the secret that was rotated out last.</summary>
    public string? PreviousHash { get; set; }

    /// <summary>Until when that one is good too.</summary>
    public DateTimeOffset? PreviousUntil { get; set; }

    public KeyEndpoints Endpoints { get; set; } = KeyEndpoints.All;

    /// <summary>Ids of the models that it may use, one a line; null: all, also those to come.</summary>
    public string? Models { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>From when on it is refused; null: it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}
