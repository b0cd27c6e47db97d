namespace Portal.Payments.Gateway;

/// <summary>A saved card that is to be charged with nobody there.</summary>
/// <param name="PaymentId">Also the idempotency key, so that all the rest must stay the same.</param>
/// <param name="AmountMinor">Minor units of the currency.</param>
public sealed record ChargeRequest(Guid PaymentId, long AmountMinor, string CustomerId, string MethodId);
