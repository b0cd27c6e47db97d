namespace Portal.Data.Payments;

/// <summary>An account as the gateway knows it, from its first saved card on.</summary>
public sealed class GatewayCustomer
{
    public Guid AccountId { get; set; }

    /// <summary><c>cus_…</c>, unique.</summary>
    public required string CustomerId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the card that is charged last became another one: what earlier declines stopped may be tried again.</summary>
    public DateTimeOffset? CardChangedAt { get; set; }

    public List<SavedCard> Cards { get; } = [];
}
