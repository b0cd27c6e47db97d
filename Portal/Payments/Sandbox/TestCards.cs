using System.Text.Json.Nodes;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox;

/// <summary>The cards that the sandbox knows. Numbers and outcomes as in Stripe's testing guide (docs.stripe.com/testing).</summary>
public static class TestCards
{
    private static readonly TestCard[] All =
    [
        new("4242424242424242", "visa"),
        new("4000056655665556", "visa"),
        new("5555555555554444", "mastercard"),
        new("378282246310005", "amex"),
        new("6200000000000005", "unionpay"),
        new("4000000000000002", "visa", TestCardOutcome.Declined, "card_declined", "generic_decline"),
        new("4000000000009995", "visa", TestCardOutcome.Declined, "card_declined", "insufficient_funds"),
        new("4000000000009987", "visa", TestCardOutcome.Declined, "card_declined", "lost_card"),
        new("4000000000009979", "visa", TestCardOutcome.Declined, "card_declined", "stolen_card"),
        new("4000000000000069", "visa", TestCardOutcome.Declined, "expired_card", "expired_card"),
        new("4000000000000127", "visa", TestCardOutcome.Declined, "incorrect_cvc", "incorrect_cvc"),
        new("4000000000000119", "visa", TestCardOutcome.Declined, "processing_error", "processing_error"),
        new("4000000000006975", "visa", TestCardOutcome.Declined, "card_declined", "card_velocity_exceeded"),
        new("4100000000000019", "visa", TestCardOutcome.Declined, "card_declined", "fraudulent"),
        new("4000000000000341", "visa", TestCardOutcome.DeclinedWhenCharged, "card_declined", "generic_decline"),
        new("4000000000000259", "visa", TestCardOutcome.Disputed),
        new("4000002500003155", "visa", TestCardOutcome.AuthenticatesOnce),
        new("4000000000003220", "visa", TestCardOutcome.AuthenticatesAlways),
        new("4000000000007726", "visa", TestCardOutcome.RefundPends),
        new("4000000000005126", "visa", TestCardOutcome.RefundFails),
    ];

    private static readonly Dictionary<string, TestCard> ByNumber = All.ToDictionary(c => c.Number);
    private static readonly Dictionary<string, TestCard> ByFingerprint = All.ToDictionary(c => c.Fingerprint);

    /// <summary>Payment methods that exist without being created, by the names of Stripe's testing guide.</summary>
    private static readonly Dictionary<string, string> Tokens = new(StringComparer.Ordinal)
    {
        ["pm_card_visa"] = "4242424242424242",
        ["pm_card_mastercard"] = "5555555555554444",
        ["pm_card_amex"] = "378282246310005",
        ["pm_card_chargeDeclined"] = "4000000000000002",
        ["pm_card_chargeDeclinedInsufficientFunds"] = "4000000000009995",
        ["pm_card_chargeCustomerFail"] = "4000000000000341",
        ["pm_card_authenticationRequired"] = "4000000000003220",
        ["pm_card_authenticationRequiredOnSetup"] = "4000002500003155",
        ["pm_card_createDispute"] = "4000000000000259",
        ["pm_card_pendingRefund"] = "4000000000007726",
        ["pm_card_refundFail"] = "4000000000005126",
    };

    /// <summary>The card with these digits, or null: a number that is no test card is never kept.</summary>
    public static TestCard? Find(string number) => ByNumber.GetValueOrDefault(number);

    public static TestCard? FindToken(string paymentMethod) => Tokens.TryGetValue(paymentMethod, out var number) ? ByNumber[number] : null;

    /// <summary>The card behind a payment method.</summary>
    public static TestCard Of(JsonObject method) => ByFingerprint[Json.Text(method, "card", "fingerprint")];

    /// <summary>The card that a charge was made with.</summary>
    public static TestCard OfCharge(JsonObject charge) => ByFingerprint[Json.Text(charge, "payment_method_details", "card", "fingerprint")];

    public static StripeError Decline(TestCard card) => (card.Code, card.DeclineCode) switch
    {
        ("expired_card", _) => Expired(),
        ("incorrect_cvc", _) => StripeError.Declined("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.", "cvc"),
        ("processing_error", _) => StripeError.Declined("processing_error", "processing_error",
            "An error occurred while processing your card. Try again in a little bit."),
        (_, "insufficient_funds") => StripeError.Declined("card_declined", "insufficient_funds", "Your card has insufficient funds."),
        (_, var reason) => StripeError.Declined("card_declined", reason, "Your card was declined."),
    };

    public static StripeError Expired() => StripeError.Declined("expired_card", "expired_card", "Your card has expired.", "exp_month");

    /// <summary>A decline whose card holder would have to confirm, where nobody is there to do so.</summary>
    public static StripeError AuthenticationRequired() => StripeError.Declined("authentication_required", "authentication_required",
        "Your card was declined. This transaction requires authentication.");
}
