namespace Portal.Data.Payments;

public enum RefundStatus
{
    /// <summary>Held in the ledger, on its way to the gateway.</summary>
    Pending = 0,
    Succeeded = 1,
    Failed = 2,
    Unknown = 3,
}

public sealed class Refund
{
    /// <summary>Also the ledger hold's id and the gateway's idempotency key.</summary>
    public Guid Id { get; set; }

    public Guid PaymentId { get; set; }

    public Guid AccountId { get; set; }

    public Guid StaffId { get; set; }

    public long AmountNanos { get; set; }

    public required string Reason { get; set; }

    public RefundStatus Status { get; set; }

    public string? GatewayId { get; set; }

    public string? FailureCode { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }
}
