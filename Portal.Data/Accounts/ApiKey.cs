namespace Portal.Data.Accounts;

/// <summary>A secret that calls the API in a member's name. Only its SHA-256 is kept.</summary>
public sealed class ApiKey
{
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

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}
