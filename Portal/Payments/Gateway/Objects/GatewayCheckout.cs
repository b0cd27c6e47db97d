namespace Portal.Payments.Gateway.Objects;

/// <summary>A checkout session, as far as the portal reads it.</summary>
/// <param name="Status">open, complete or expired.</param>
/// <param name="PaymentStatus">unpaid, paid or no_payment_required.</param>
/// <param name="Url">Where the person pays; null once the session is over.</param>
/// <param name="PaymentIntent">Null until the person first tries to pay.</param>
/// <param name="AmountTotal">Minor units.</param>
public sealed record GatewayCheckout(
    string Id, string PaymentStatus, string? Status = null, string? Url = null, string? PaymentIntent = null, long? AmountTotal = null,
    string? Currency = null, string? ClientReferenceId = null);
