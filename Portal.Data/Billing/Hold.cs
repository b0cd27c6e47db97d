namespace Portal.Data.Billing;

public enum HoldState
{
    Open = 0,
    Posted = 1,
    Voided = 2,
    Expired = 3,
}

/// <summary>The head of a hold: one or more pending transfers that are resolved together, once.</summary>
public sealed class Hold
{
    public Guid Id { get; set; }

    public Guid WalletId { get; set; }

    public HoldState State { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null: stays until it is resolved (a refund waits for the gateway).</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>What the settle needs of the quote, as JSON; null for holds that are no charges.</summary>
    public string? Quote { get; set; }
}
