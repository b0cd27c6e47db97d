using System.Text.Json.Nodes;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox;

/// <summary>What happens when a payment is tried with a card: the intent moves, a charge appears, the portal is told.</summary>
public static class Charging
{
    /// <summary>Who is there to confirm when the card asks for it.</summary>
    public enum Presence
    {
        /// <summary>The card holder, in a browser.</summary>
        OnSession,

        /// <summary>Nobody: the portal charges a saved card.</summary>
        OffSession,

        /// <summary>The card holder, who has just confirmed.</summary>
        Authenticated,
    }

    /// <summary>Tries the payment. Afterwards the intent is succeeded, requires_action or requires_payment_method.</summary>
    /// <param name="authenticateUrl">Where the card holder confirms; unused off session.</param>
    /// <returns>The decline, or null when the intent succeeded or waits for the card holder.</returns>
    public static StripeError? Confirm(SandboxWork work, JsonObject intent, JsonObject method, Presence presence, string authenticateUrl, string? returnUrl)
    {
        var card = TestCards.Of(method);
        var attached = IsAttached(method);
        if (HasExpired(work, method)) return Fail(work, intent, method, TestCards.Expired());
        if (card.Outcome is TestCardOutcome.Declined or TestCardOutcome.DeclinedWhenCharged)
            return Fail(work, intent, method, card.Code is null ? GenericDecline() : TestCards.Decline(card));

        var mustConfirm = card.Outcome == TestCardOutcome.AuthenticatesAlways || (card.Outcome == TestCardOutcome.AuthenticatesOnce && !attached);
        if (mustConfirm && presence == Presence.OffSession) return Fail(work, intent, method, TestCards.AuthenticationRequired());
        if (mustConfirm && presence == Presence.OnSession)
        {
            intent["status"] = "requires_action";
            intent["payment_method"] = Json.Text(method, "id");
            intent["next_action"] = RedirectTo(authenticateUrl, returnUrl);
            work.Emit("payment_intent.requires_action", intent);
            return null;
        }
        Succeed(work, intent, method, card);
        return null;
    }

    /// <summary>The card holder was asked to confirm and did not.</summary>
    public static StripeError FailAuthentication(SandboxWork work, JsonObject intent, JsonObject method) =>
        Fail(work, intent, method, NotAuthenticated());

    internal static StripeError NotAuthenticated() => new(402, "invalid_request_error",
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
        "payment_intent_authentication_failure");

    private static bool IsAttached(JsonObject method) => Json.TextOrNull(method, "customer") is not null;

    /// <summary>A card is good until the end of its month; a saved one outlives that.</summary>
    private static bool HasExpired(SandboxWork work, JsonObject method) =>
        (Json.Long(method, "card", "exp_year") * 12) + Json.Long(method, "card", "exp_month") < (work.Now.Year * 12) + work.Now.Month;

    private static StripeError GenericDecline() => StripeError.Declined("card_declined", "generic_decline", "Your card was declined.");

    private static void Succeed(SandboxWork work, JsonObject intent, JsonObject method, TestCard card)
    {
        var charge = work.Add(ChargeShapes.Charge(work, intent, method, null));
        var transaction = work.Add(ChargeShapes.BalanceTransaction(
            work, Json.Text(charge, "id"), Json.Long(charge, "amount"), Json.Text(charge, "currency"), "charge"));
        charge["balance_transaction"] = Json.Text(transaction, "id");
        intent["status"] = "succeeded";
        intent["amount_received"] = Json.Long(intent, "amount");
        intent["latest_charge"] = Json.Text(charge, "id");
        intent["payment_method"] = Json.Text(method, "id");
        intent["last_payment_error"] = null;
        intent["next_action"] = null;
        if (!IsAttached(method) && Json.TextOrNull(intent, "setup_future_usage") is not null && Json.TextOrNull(intent, "customer") is { } customer)
        {
            method["customer"] = customer;
            work.Emit("payment_method.attached", method);
        }
        work.Emit("charge.succeeded", charge);
        work.Emit("payment_intent.succeeded", intent);
        if (card.Outcome == TestCardOutcome.Disputed) Dispute(work, charge);
    }

    private static StripeError Fail(SandboxWork work, JsonObject intent, JsonObject method, StripeError decline)
    {
        var charge = work.Add(ChargeShapes.Charge(work, intent, method, decline));
        var error = decline.ToJson()["error"]!.AsObject();
        error["charge"] = Json.Text(charge, "id");
        error["payment_method"] = method.DeepClone();
        intent["status"] = "requires_payment_method";
        intent["latest_charge"] = Json.Text(charge, "id");
        intent["payment_method"] = null;
        intent["next_action"] = null;
        intent["last_payment_error"] = error.DeepClone();
        work.Emit("charge.failed", charge);
        work.Emit("payment_intent.payment_failed", intent);
        return decline with
        {
            Attached = new Dictionary<string, JsonNode?>
            {
                ["charge"] = Json.Text(charge, "id"),
                ["payment_intent"] = intent.DeepClone(),
                ["payment_method"] = method.DeepClone(),
            },
        };
    }

    private static void Dispute(SandboxWork work, JsonObject charge)
    {
        var dispute = work.Add(ChargeShapes.Dispute(work, charge, "fraudulent"));
        var taken = work.Add(ChargeShapes.BalanceTransaction(
            work, Json.Text(dispute, "id"), -Json.Long(charge, "amount"), Json.Text(charge, "currency"), "dispute"));
        dispute["balance_transactions"]!.AsArray().Add(taken.DeepClone());
        charge["disputed"] = true;
        work.Emit("charge.dispute.created", dispute);
        work.Emit("charge.dispute.funds_withdrawn", dispute);
    }

    internal static JsonObject RedirectTo(string url, string? returnUrl) => new()
    {
        ["redirect_to_url"] = new JsonObject { ["return_url"] = returnUrl, ["url"] = url },
        ["type"] = "redirect_to_url",
    };
}
