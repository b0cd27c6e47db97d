namespace Portal.Payments.Gateway.Objects;

/// <param name="Amount">Minor units.</param>
/// <param name="Status">needs_response, under_review, won, lost or another of Stripe's.</param>
/// <param name="Reason">Such as fraudulent or product_not_received.</param>
public sealed record GatewayDispute(
    string Id, long Amount, string Currency, string Status, string? PaymentIntent = null, string? Reason = null, GatewayEvidence? EvidenceDetails = null);
