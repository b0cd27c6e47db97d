namespace Portal.Data.Payments;

/// <summary>
/// A card that the gateway keeps for an account; its number never comes here. The row stays when the card is removed, so that an event that is told
/// late does not bring it back.
/// </summary>
public sealed class SavedCard
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    /// <summary><c>pm_…</c>, unique.</summary>
    public required string MethodId { get; set; }

    /// <summary>Such as <c>visa</c>.</summary>
    public required string Brand { get; set; }

    public required string Last4 { get; set; }

    /// <summary>1 to 12; the card is good until the end of that month.</summary>
    public int ExpiryMonth { get; set; }

    /// <summary>Four digits.</summary>
    public int ExpiryYear { get; set; }

    /// <summary>The same card has the same one, however often it is saved.</summary>
    public string? Fingerprint { get; set; }

    /// <summary>The one that renewals and automatic top-ups charge; one of an account that has any.</summary>
    public bool IsDefault { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? RemovedAt { get; set; }

    /// <summary>When the gateway let go of it too; null of a removed card: it is still to be asked to.</summary>
    public DateTimeOffset? DetachedAt { get; set; }
}
