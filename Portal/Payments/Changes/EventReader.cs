using Portal.Payments.Gateway;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Changes;

/// <summary>What each type of event means. Pure: the same event always means the same.</summary>
public static class EventReader
{
    public static ToldChange Read(GatewayEvent told) => told.Type switch
    {
        "checkout.session.completed" or "checkout.session.async_payment_succeeded" => Session(told.Read<GatewayCheckout>()),
        "checkout.session.expired" => Session(told.Read<GatewayCheckout>(), new PaymentChange.Ended("expired")),
        "checkout.session.async_payment_failed" => Session(told.Read<GatewayCheckout>(), new PaymentChange.Ended("declined")),
        "payment_intent.succeeded" or "payment_intent.payment_failed" or "payment_intent.canceled" => Intent(told.Read<EventIntent>()),
        "charge.succeeded" => Charge(told.Read<EventCharge>()),
        "refund.created" or "refund.updated" or "refund.failed" => Refund(told.Read<GatewayRefund>()),
        "charge.dispute.created" or "charge.dispute.updated" or "charge.dispute.closed" => Dispute(told.Read<GatewayDispute>()),
        _ => new ToldChange(null, null, new PaymentChange.Nothing()),
    };

    /// <summary>What a session says of its payment, told or asked.</summary>
    public static PaymentChange Of(GatewayCheckout session) => session switch
    {
        { PaymentStatus: "paid", AmountTotal: { } amount, Currency: { } currency } => new PaymentChange.Paid(amount, currency, session.PaymentIntent),
        { Status: "expired" } => new PaymentChange.Ended("expired"),
        _ => new PaymentChange.Nothing(),
    };

    private static ToldChange Session(GatewayCheckout session, PaymentChange? change = null) => new(
        Guid.TryParse(session.ClientReferenceId, out var id) ? id : null, session.PaymentIntent, change ?? Of(session));

    private static ToldChange Intent(EventIntent intent) => new(Id(intent.Metadata, StripeGateway.PaymentKey), intent.Id, intent.Status switch
    {
        "succeeded" => new PaymentChange.Paid(intent.AmountReceived, intent.Currency, intent.Id),
        "canceled" => new PaymentChange.Ended("canceled"),
        _ => new PaymentChange.Declined(intent.LastPaymentError?.Reason ?? "card_declined", intent.Id),
    });

    private static ToldChange Charge(EventCharge charge) => new(
        Id(charge.Metadata, StripeGateway.PaymentKey), charge.PaymentIntent,
        new PaymentChange.CardSeen(charge.PaymentMethodDetails?.Card?.Brand, charge.PaymentMethodDetails?.Card?.Last4));

    private static ToldChange Refund(GatewayRefund refund) => new(null, refund.PaymentIntent,
        PaymentChange.RefundMoved.Of(refund, Id(refund.Metadata, StripeGateway.RefundKey)));

    private static ToldChange Dispute(GatewayDispute dispute) => new(null, dispute.PaymentIntent, PaymentChange.Disputed.Of(dispute));

    private static Guid? Id(Dictionary<string, string>? metadata, string key) =>
        metadata is not null && Guid.TryParse(metadata.GetValueOrDefault(key), out var id) ? id : null;

    /// <summary>In events the charge of an intent is an id, not an object.</summary>
    private sealed record EventIntent(
        string Id, string Status, long AmountReceived, string Currency, Dictionary<string, string>? Metadata = null, GatewayPaymentError? LastPaymentError = null);

    private sealed record EventCharge(string? PaymentIntent = null, Dictionary<string, string>? Metadata = null, GatewayChargeDetails? PaymentMethodDetails = null);
}
