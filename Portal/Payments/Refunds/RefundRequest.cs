namespace Portal.Payments.Refunds;

/// <summary>What support staff send to refund part of a payment to the card that paid it.</summary>
/// <param name="RefundId">Made when the dialog was opened: a second click is the same refund.</param>
/// <param name="Amount">As typed.</param>
/// <param name="Reason">Kept with the refund; required.</param>
public sealed record RefundRequest(Guid RefundId, Guid PaymentId, string Amount, string Reason);
