namespace Portal.Data.Payments;

public enum RefundStatus
{
    /// <summary>Held in the ledger, on its way to the gateway.</summary>
    Pending = 0,
    Succeeded = 1,
    Failed = 2,
    Unknown = 3,

    /// <summary>Held in the ledger until a second person agrees.</summary>
    AwaitingApproval = 4,

    /// <summary>The second person did not agree, or nobody decided in time: what was held is free again.</summary>
    Rejected = 5,
}

/// <summary>Part of a payment that goes back to its card, or part of a plan's fee that goes back to the balance.</summary>
public sealed class Refund
{
    /// <summary>Also the ledger hold's id and the gateway's idempotency key.</summary>
    public Guid Id { get; set; }

    /// <summary>The payment that goes back to its card; null of a plan's fee.</summary>
    public Guid? PaymentId { get; set; }

    /// <summary>The plan's invoice whose fee goes back to what paid it; null of a payment.</summary>
    public Guid? InvoiceId { get; set; }

    public Guid AccountId { get; set; }

    /// <summary>Who asked for it: one of the staff, or the customer; empty when it was made at the gateway by hand.</summary>
    public Guid RequesterId { get; set; }

    /// <summary>Of one that needs a second person: when it lapses unless somebody decides.</summary>
    public DateTimeOffset? LapsesAt { get; set; }

    /// <summary>The second person; null as long as nobody decided, and for good when it lapsed.</summary>
    public Guid? DeciderId { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Of a plan's fee: the plan ends with it, and what is left of its allowance is taken back.</summary>
    public bool EndsPlan { get; set; }

    public long AmountNanos { get; set; }

    /// <summary>What was taken back of the payment's bonus for it.</summary>
    public long BonusNanos { get; set; }

    /// <summary>What was taken of the purchased credit for the part of that bonus which had been spent.</summary>
    public long BonusSpentNanos { get; set; }

    public required string Reason { get; set; }

    public RefundStatus Status { get; set; }

    public string? GatewayId { get; set; }

    public string? FailureCode { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }
}
