namespace Portal.Payments.Gateway;

/// <param name="Amount">Minor units.</param>
/// <param name="Status">needs_response, under_review, won, lost or another of Stripe's.</param>
public sealed record GatewayDispute(string Id, long Amount, string Currency, string Status, string? PaymentIntent = null);
