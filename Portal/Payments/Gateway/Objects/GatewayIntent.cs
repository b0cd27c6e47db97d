namespace Portal.Payments.Gateway.Objects;

/// <summary>A payment intent with its latest charge, as far as the portal reads it.</summary>
/// <param name="Status">requires_payment_method, requires_action, processing, succeeded, canceled or another of Stripe's.</param>
/// <param name="AmountReceived">Minor units.</param>
/// <param name="NextAction">What the card holder has to do; null when nothing.</param>
public sealed record GatewayIntent(
    string Id, string Status, long AmountReceived, string Currency, GatewayCharge? LatestCharge = null, GatewayNextAction? NextAction = null,
    GatewayPaymentError? LastPaymentError = null, Dictionary<string, string>? Metadata = null);
