using System.Text.Json.Nodes;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox.Resources;

/// <summary>Saving a card for later without a payment.</summary>
public static class SetupIntents
{
    public const string Type = "setup_intent";

    public static async Task<SandboxAnswer> Create(SandboxCall call)
    {
        var (form, work) = (call.Form, call.Work);
        var (customer, missing) = await call.Referenced(Customers.Type, "customer");
        var (confirm, method) = (form.Flag("confirm") == true, form.Text("payment_method"));
        form.Flag("automatic_payment_methods[enabled]");
        form.OneOf("automatic_payment_methods[allow_redirects]", "always", "never");
        var intent = Shapes.SetupIntent(work, customer is null ? null : Json.Text(customer, "id"),
            form.Text("description"), form.OneOf("usage", "off_session", "on_session") ?? "off_session", form.Metadata("metadata"));
        if ((form.Complete() ?? missing) is { } error) return error;
        work.Add(intent);
        work.Emit("setup_intent.created", intent);
        return confirm ? await Confirm(call, intent, method) : intent;
    }

    public static async Task<SandboxAnswer> Confirm(SandboxCall call)
    {
        if (await call.Work.Find(Type, call.Id, call.Ct) is not { } intent) return call.NotFound(Type);
        var method = call.Form.Text("payment_method");
        call.Form.Url("return_url");
        if (call.Form.Complete() is { } error) return error;
        return await Confirm(call, intent, method);
    }

    /// <returns>The decline, or null when the card is saved.</returns>
    /// <param name="authenticated">Whether the card holder has just confirmed, in case the card asks for it.</param>
    public static StripeError? Save(SandboxWork work, JsonObject intent, JsonObject method, bool authenticated, string authenticateUrl)
    {
        var card = TestCards.Of(method);
        if (card.Outcome == TestCardOutcome.Declined) return Fail(work, intent, TestCards.Decline(card));
        intent["payment_method"] = Json.Text(method, "id");
        if (!authenticated && card.Outcome is TestCardOutcome.AuthenticatesOnce or TestCardOutcome.AuthenticatesAlways)
        {
            intent["status"] = "requires_action";
            intent["next_action"] = Charging.RedirectTo(authenticateUrl, null);
            work.Emit("setup_intent.requires_action", intent);
            return null;
        }
        intent["status"] = "succeeded";
        intent["next_action"] = null;
        intent["last_setup_error"] = null;
        if (Json.TextOrNull(intent, "customer") is { } customer)
        {
            method["customer"] = customer;
            work.Emit("payment_method.attached", method);
        }
        work.Emit("setup_intent.succeeded", intent);
        return null;
    }

    /// <summary>The card holder was asked to confirm and did not.</summary>
    public static StripeError FailAuthentication(SandboxWork work, JsonObject intent) => Fail(work, intent, Charging.NotAuthenticated());

    private static StripeError Fail(SandboxWork work, JsonObject intent, StripeError decline)
    {
        intent["status"] = "requires_payment_method";
        intent["payment_method"] = null;
        intent["next_action"] = null;
        intent["last_setup_error"] = decline.ToJson()["error"]!.DeepClone();
        work.Emit("setup_intent.setup_failed", intent);
        return decline with { Attached = new Dictionary<string, JsonNode?> { [Type] = intent.DeepClone() } };
    }

    private static async Task<SandboxAnswer> Confirm(SandboxCall call, JsonObject intent, string? methodId)
    {
        if (methodId is null) return StripeError.Missing("payment_method");
        if (await PaymentMethods.Find(call.Work, methodId, call.Ct) is not { } method)
            return StripeError.NoSuch("PaymentMethod", methodId, "payment_method");
        var url = $"{call.Origin}{SandboxPaths.AuthenticateIntent(Json.Text(intent, "id"))}";
        var decline = Save(call.Work, intent, method, authenticated: false, url);
        return decline is not null ? decline : intent;
    }
}
