using System.Text.Json.Nodes;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox.Resources;

public static class PaymentIntents
{
    public const string Type = "payment_intent";
    public const long AmountMax = 99_999_999;

    public static async Task<SandboxAnswer> Create(SandboxCall call)
    {
        var (form, work) = (call.Form, call.Work);
        var (amount, currency) = (form.RequiredWhole("amount", 1, AmountMax), form.Currency("currency"));
        var (customer, missing) = await call.Referenced(Customers.Type, "customer");
        var (confirm, confirmation) = (form.Flag("confirm") == true, Confirmation.Read(form));
        form.Flag("automatic_payment_methods[enabled]");
        form.OneOf("automatic_payment_methods[allow_redirects]", "always", "never");
        if (form.Texts("payment_method_types").FirstOrDefault(t => t != "card") is { } other) form.Reject(StripeError.Invalid(
            $"The payment method type provided: {other} is invalid.", "payment_method_types"));
        var intent = Shapes.PaymentIntent(work, amount, currency, customer is null ? null : Json.Text(customer, "id"),
            form.Text("description"), form.Metadata("metadata"), form.OneOf("setup_future_usage", "off_session", "on_session"));
        if ((form.Complete() ?? missing) is { } error) return error;
        if (confirmation.OffSession && !confirm)
            return StripeError.Invalid("You cannot set 'off_session' when not confirming: pass 'confirm' as well.", "off_session");

        work.Add(intent);
        work.Emit("payment_intent.created", intent);
        return confirm ? await Confirm(call, intent, confirmation) : intent;
    }

    public static async Task<SandboxAnswer> Confirm(SandboxCall call)
    {
        if (await call.Work.Find(Type, call.Id, call.Ct) is not { } intent) return call.NotFound(Type);
        var confirmation = Confirmation.Read(call.Form);
        if (call.Form.Complete() is { } error) return error;
        return Json.Text(intent, "status") is "requires_payment_method" or "requires_confirmation"
            ? await Confirm(call, intent, confirmation)
            : Unexpected(intent, "confirm");
    }

    public static async Task<SandboxAnswer> Cancel(SandboxCall call)
    {
        if (await call.Work.Find(Type, call.Id, call.Ct) is not { } intent) return call.NotFound(Type);
        var reason = call.Form.OneOf("cancellation_reason", "duplicate", "fraudulent", "requested_by_customer", "abandoned");
        if (call.Form.Complete() is { } error) return error;
        if (Json.Text(intent, "status") is "succeeded" or "canceled") return Unexpected(intent, "cancel");
        intent["status"] = "canceled";
        intent["canceled_at"] = call.Work.UnixNow;
        intent["cancellation_reason"] = reason;
        intent["next_action"] = null;
        call.Work.Emit("payment_intent.canceled", intent);
        return intent;
    }

    private static async Task<SandboxAnswer> Confirm(SandboxCall call, JsonObject intent, Confirmation confirmation)
    {
        if (confirmation.PaymentMethod is null)
            return StripeError.Invalid("You cannot confirm this PaymentIntent because it's missing a payment method.", null, "payment_intent_unexpected_state");
        if (await PaymentMethods.Find(call.Work, confirmation.PaymentMethod, call.Ct) is not { } method)
            return StripeError.NoSuch("PaymentMethod", confirmation.PaymentMethod, "payment_method");
        if (Json.TextOrNull(method, "customer") is { } owner && owner != Json.TextOrNull(intent, "customer"))
            return StripeError.Invalid("The PaymentMethod does not belong to the Customer of this PaymentIntent. Supply its owner as 'customer'.", "payment_method");

        var presence = confirmation.OffSession ? Charging.Presence.OffSession : Charging.Presence.OnSession;
        // The card holder's browser knows the portal by the address that it comes back to.
        var url = new Uri(new Uri(confirmation.ReturnUrl ?? call.Origin), SandboxPaths.AuthenticateIntent(Json.Text(intent, "id"))).ToString();
        var decline = Charging.Confirm(call.Work, intent, method, presence, url, confirmation.ReturnUrl);
        return decline is not null ? decline : intent;
    }

    private static StripeError Unexpected(JsonObject intent, string action) => StripeError.Invalid(
        $"You cannot {action} this PaymentIntent because it has a status of {Json.Text(intent, "status")}.", null, "payment_intent_unexpected_state")
        with { Attached = new Dictionary<string, JsonNode?> { [Type] = intent } };

    private sealed record Confirmation(string? PaymentMethod, bool OffSession, string? ReturnUrl)
    {
        public static Confirmation Read(StripeForm form) =>
            new(form.Text("payment_method"), form.Flag("off_session") == true, form.Url("return_url"));
    }
}
