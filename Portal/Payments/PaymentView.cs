using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Disputes;
using Portal.Payments.Refunds;

namespace Portal.Payments;

/// <summary>A payment as its owner and support see it.</summary>
/// <param name="Refundable">What is left of it that was not refunded; how much of that credit is unspent, the wallet knows.</param>
/// <param name="ReceiptId">The document about it; null until it was paid.</param>
/// <param name="ContinueAt">Where an unfinished payment can still be paid; null otherwise.</param>
public sealed record PaymentView(
    Guid Id, DateTimeOffset At, Money Amount, Money Refunded, Money Refundable, PaymentStatus Status, string? FailureCode,
    string? CardBrand, string? CardLast4, DateTimeOffset? SucceededAt, Guid? ReceiptId, Uri? ContinueAt,
    IReadOnlyList<RefundView> Refunds)
{
    /// <summary>Credit that came on top of it; zero until it was paid.</summary>
    public Money Bonus { get; init; }

    /// <summary>What its customer can refund of it alone; null of a payment that was never paid.</summary>
    public OwnRefund? Own { get; init; }

    public PaymentPurpose Purpose { get; init; }

    /// <summary>The card holder has to confirm with the bank, or nothing is charged.</summary>
    public bool NeedsConfirmation { get; init; }

    /// <summary>Whether its card holder disputes it; null when nobody ever did.</summary>
    public DisputeView? Dispute { get; init; }
}
