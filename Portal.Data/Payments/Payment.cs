namespace Portal.Data.Payments;

public enum PaymentStatus
{
    Pending = 0,
    Succeeded = 1,
    Failed = 2,

    /// <summary>The gateway's answer was lost; reconciled with it, never guessed.</summary>
    Unknown = 3,
}

/// <summary>Money that came, or is to come, through the gateway and becomes the account's credit.</summary>
public sealed class Payment
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public Guid PersonId { get; set; }

    /// <summary>Whole minor units, in nanos.</summary>
    public long AmountNanos { get; set; }

    /// <summary>Credit that was granted on top of it: its account is the grant of the payment's id.</summary>
    public long BonusNanos { get; set; }

    /// <summary>Refunds that are held or posted.</summary>
    public long RefundedNanos { get; set; }

    public PaymentStatus Status { get; set; }

    public PaymentPurpose Purpose { get; set; }

    /// <summary>The form's token, or what a charge of a saved card is for: the same key is the same payment; unique in the account.</summary>
    public required string FormKey { get; set; }

    public string? SessionId { get; set; }

    public string? PaymentIntentId { get; set; }

    public string? CheckoutUrl { get; set; }

    /// <summary>The gateway's id of the saved card that is charged with nobody there; null: a person pays on the gateway's page.</summary>
    public string? MethodId { get; set; }

    public string? CardBrand { get; set; }

    public string? CardLast4 { get; set; }

    public string? FailureCode { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? SucceededAt { get; set; }

    /// <summary>When a charge of a saved card came to nothing.</summary>
    public DateTimeOffset? FailedAt { get; set; }

    /// <summary>Of a saved card: its latest state has no letter yet.</summary>
    public bool Untold { get; set; }

    public List<Refund> Refunds { get; set; } = [];
}
