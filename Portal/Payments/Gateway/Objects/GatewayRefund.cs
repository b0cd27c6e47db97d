namespace Portal.Payments.Gateway.Objects;

/// <param name="Amount">Minor units.</param>
/// <param name="Status">pending, requires_action, succeeded, failed or canceled.</param>
public sealed record GatewayRefund(
    string Id, long Amount, string Currency, string Status, string? PaymentIntent = null, string? FailureReason = null, Dictionary<string, string>? Metadata = null);
