namespace Portal.Data.Payments;

public enum PaymentStatus
{
    Pending = 0,
    Succeeded = 1,
    Failed = 2,

    /// <summary>The gateway's answer was lost; reconciled with it, never guessed.</summary>
    Unknown = 3,
}

/// <summary>A top-up through the gateway.</summary>
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

    /// <summary>The form's token: a second click is the same payment; unique.</summary>
    public required string FormKey { get; set; }

    public string? SessionId { get; set; }

    public string? PaymentIntentId { get; set; }

    public string? CheckoutUrl { get; set; }

    public string? CardBrand { get; set; }

    public string? CardLast4 { get; set; }

    public string? FailureCode { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? SucceededAt { get; set; }

    public List<Refund> Refunds { get; set; } = [];
}
