namespace Portal.Data.Billing;

/// <summary>The outcome of a command under the caller's key, written in the command's own transaction.</summary>
public sealed class IdempotencyRecord
{
    public Guid WalletId { get; set; }

    public required string Key { get; set; }

    /// <summary>Hex SHA-256 of the command; the same key with another hash is refused.</summary>
    public required string RequestHash { get; set; }

    public required string Outcome { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
