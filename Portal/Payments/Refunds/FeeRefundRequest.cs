namespace Portal.Payments.Refunds;

/// <summary>What support staff send to give part of a plan's fee back to the balance.</summary>
/// <param name="RefundId">Made when the dialog was opened: a second click is the same refund.</param>
/// <param name="Amount">As typed.</param>
/// <param name="EndsPlan">Ends the plan now and takes back what is left of its allowance; asked for when the invoice's period is over, it changes nothing.</param>
/// <param name="Reason">Kept with the refund; required.</param>
public sealed record FeeRefundRequest(Guid RefundId, Guid InvoiceId, string Amount, bool EndsPlan, string Reason);
