namespace Portal.Data.Billing;

/// <summary>Price terms that holds were made under, once each: a hold names them by their key.</summary>
public sealed class StoredTerms
{
    /// <summary>Hex SHA-256 of <see cref="Json"/>, its first half.</summary>
    public required string Key { get; set; }

    public required string Json { get; set; }
}
