using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Gateway;

/// <summary>The part about saved cards: whose they are, how they are saved, charged with nobody there, and let go.</summary>
public sealed partial class StripeGateway
{
    /// <summary>The metadata key that ties a customer of the gateway to the account here.</summary>
    public const string AccountKey = "account_id";

    /// <summary>Whom the gateway keeps cards for. Nothing that may change is sent, so that asking twice is asking once.</summary>
    public Task<GatewayAnswer<GatewayIdentity>> CreateCustomer(Guid accountId, CancellationToken cancel) =>
        Post<GatewayIdentity>("v1/customers", [new($"metadata[{AccountKey}]", accountId.ToString())], $"customer-{accountId}", cancel);

    public Task<GatewayAnswer<GatewayCheckout>> CreateCardSetup(CardSetupRequest request, CancellationToken cancel) => Post<GatewayCheckout>(
        "v1/checkout/sessions",
        [
            new("mode", "setup"), new("currency", StripeApi.Currency), new("customer", request.CustomerId), new("client_reference_id", request.AccountId.ToString()),
            new("success_url", request.SuccessUrl), new("cancel_url", request.CancelUrl), new("locale", request.Locale),
        ],
        $"card-{request.AccountId}-{request.Key}", cancel);

    /// <summary>The cards that the gateway keeps for a customer.</summary>
    public Task<GatewayAnswer<GatewayPage<GatewayMethod>>> ListCards(string customerId, CancellationToken cancel) =>
        Get<GatewayPage<GatewayMethod>>($"v1/customers/{Uri.EscapeDataString(customerId)}/payment_methods?type=card&limit=100", cancel);

    public Task<GatewayAnswer<GatewayMethod>> Detach(string methodId, CancellationToken cancel) =>
        Post<GatewayMethod>($"v1/payment_methods/{Uri.EscapeDataString(methodId)}/detach", [], $"detach-{methodId}", cancel);

    public Task<GatewayAnswer<GatewayIntent>> Charge(ChargeRequest request, CancellationToken cancel) => Post<GatewayIntent>(
        "v1/payment_intents",
        [
            new("amount", Text(request.AmountMinor)), new("currency", StripeApi.Currency), new("customer", request.CustomerId), new("payment_method", request.MethodId),
            new("payment_method_types[0]", "card"), new("off_session", "true"), new("confirm", "true"), new($"metadata[{PaymentKey}]", request.PaymentId.ToString()),
            new("expand[0]", "latest_charge"),
        ],
        $"charge-{request.PaymentId}", cancel);

    /// <summary>Tries a declined charge again with the card holder there, who may have to go where its next action leads.</summary>
    public Task<GatewayAnswer<GatewayIntent>> ConfirmOnSession(Guid paymentId, string intentId, string methodId, Uri returnTo, CancellationToken cancel) => Post<GatewayIntent>(
        $"v1/payment_intents/{Uri.EscapeDataString(intentId)}/confirm",
        [new("payment_method", methodId), new("return_url", returnTo.AbsoluteUri), new("expand[0]", "latest_charge")],
        $"confirm-{paymentId}", cancel);

    public Task<GatewayAnswer<GatewayIntent>> CancelIntent(Guid paymentId, string intentId, CancellationToken cancel) => Post<GatewayIntent>(
        $"v1/payment_intents/{Uri.EscapeDataString(intentId)}/cancel", [new("cancellation_reason", "abandoned"), new("expand[0]", "latest_charge")], $"cancel-{paymentId}", cancel);

    /// <param name="before">The id of an intent: the page holds older ones.</param>
    public Task<GatewayAnswer<GatewayPage<GatewayIntent>>> ListIntents(string customerId, DateTimeOffset since, string? before, CancellationToken cancel) =>
        Get<GatewayPage<GatewayIntent>>(
            $"v1/payment_intents?limit=100&customer={Uri.EscapeDataString(customerId)}&created[gte]={Text(since.ToUnixTimeSeconds())}&expand[]=data.latest_charge"
            + (before is null ? "" : $"&starting_after={Uri.EscapeDataString(before)}"), cancel);
}
