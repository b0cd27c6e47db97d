namespace Portal.Payments.Gateway;

/// <summary>A payment intent with its latest charge, as far as the portal reads it.</summary>
/// <param name="Status">requires_payment_method, requires_action, processing, succeeded, canceled or another of Stripe's.</param>
/// <param name="Amount">Minor units, as is <paramref name="AmountReceived"/>.</param>
public sealed record GatewayIntent(
    string Id, string Status, long Amount, long AmountReceived, string Currency, Dictionary<string, string> Metadata,
    GatewayCharge? LatestCharge, GatewayPaymentError? LastPaymentError);
