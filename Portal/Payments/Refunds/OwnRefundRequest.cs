namespace Portal.Payments.Refunds;

/// <summary>What a customer sends to refund a payment of theirs: all of it that is eligible.</summary>
/// <param name="RefundId">Made when the dialog was opened: a second click is the same refund.</param>
/// <param name="Shown">What the dialog said will come back; refused when it is another amount by now.</param>
public sealed record OwnRefundRequest(Guid RefundId, Guid PaymentId, Data.Money Shown, string Reason);
