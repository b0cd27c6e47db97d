using System.Text.Json.Nodes;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox.Resources;

public static class CheckoutSessions
{
    public const string Type = "checkout.session";

    private static readonly TimeSpan LifetimeMin = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromHours(24);

    public static async Task<SandboxAnswer> Create(SandboxCall call)
    {
        var (form, work) = (call.Form, call.Work);
        form.Required("mode");
        var mode = form.OneOf("mode", "payment", "setup") ?? "payment";
        form.Required("success_url");
        var (success, cancel) = (form.Url("success_url"), form.Url("cancel_url"));
        var (total, currency) = mode == "payment" ? ReadItems(form) : (0, form.Currency("currency"));
        var (customer, missing) = await call.Referenced(Customers.Type, "customer");
        var (email, creation) = (form.Text("customer_email"), form.OneOf("customer_creation", "always", "if_required"));
        var session = Shape(work, mode, success ?? "", cancel, total, currency);
        session["client_reference_id"] = form.Text("client_reference_id");
        session["customer"] = customer is null ? null : Json.Text(customer, "id");
        session["customer_email"] = email;
        session["customer_creation"] = creation ?? "if_required";
        session["locale"] = form.Text("locale");
        session["submit_type"] = form.OneOf("submit_type", "auto", "book", "donate", "pay");
        session["metadata"] = form.Metadata("metadata");
        var expires = form.Whole("expires_at", (work.Now + LifetimeMin).ToUnixTimeSeconds(), (work.Now + LifetimeMax).ToUnixTimeSeconds());
        var intent = mode == "payment" ? PaymentIntent(call, total, currency, customer) : SetupIntent(call, customer);
        if ((form.Complete() ?? missing) is { } error) return error;
        if (customer is not null && email is not null)
            return StripeError.Invalid("You may only specify one of these parameters: customer, customer_email.", "customer");

        // Unlike Stripe, which waits for the first try, the intent exists at once: one object less to create while two clicks race.
        work.Add(intent);
        session[mode == "payment" ? "payment_intent" : "setup_intent"] = Json.Text(intent, "id");
        if (expires is not null) session["expires_at"] = expires;
        session["url"] = new Uri(new Uri(success!), SandboxPaths.Checkout(Json.Text(session, "id"))).ToString();
        return work.Add(session, DateTimeOffset.FromUnixTimeSeconds(Json.Long(session, "expires_at")));
    }

    public static async Task<SandboxAnswer> Expire(SandboxCall call)
    {
        if (await call.Work.Find(Type, call.Id, call.Ct) is not { } session) return call.NotFound(Type);
        if (call.Form.Complete() is { } error) return error;
        if (Json.Text(session, "status") != "open")
            return StripeError.Invalid("Only Checkout Sessions with a status in [\"open\"] can be expired. This Session has a status of " + Json.Text(session, "status") + ".");
        await Expire(call.Work, session, call.Ct);
        return session;
    }

    /// <summary>Ends an open session and what it was for.</summary>
    public static async Task Expire(SandboxWork work, JsonObject session, CancellationToken cancel)
    {
        work.SetDue(session, null);
        session["status"] = "expired";
        session["url"] = null;
        if (Json.TextOrNull(session, "payment_intent") is { } id && await work.Find(PaymentIntents.Type, id, cancel) is { } intent)
        {
            intent["status"] = "canceled";
            intent["canceled_at"] = work.UnixNow;
            intent["cancellation_reason"] = "expired";
            intent["next_action"] = null;
            work.Emit("payment_intent.canceled", intent);
        }
        if (Json.TextOrNull(session, "setup_intent") is { } setupId && await work.Find(SetupIntents.Type, setupId, cancel) is { } setup)
        {
            setup["status"] = "canceled";
            setup["cancellation_reason"] = "abandoned";
            setup["next_action"] = null;
            work.Emit("setup_intent.canceled", setup);
        }
        work.Emit("checkout.session.expired", session);
    }

    /// <summary>Marks a session as done once its intent succeeded.</summary>
    public static void Complete(SandboxWork work, JsonObject session, JsonObject method)
    {
        work.SetDue(session, null);
        session["status"] = "complete";
        session["payment_status"] = Json.Text(session, "mode") == "payment" ? "paid" : "no_payment_required";
        session["url"] = null;
        session["customer_details"] = new JsonObject
        {
            ["address"] = method["billing_details"]!["address"]!.DeepClone(),
            ["business_name"] = null,
            ["email"] = session["customer_email"]?.DeepClone(),
            ["individual_name"] = null,
            ["name"] = method["billing_details"]!["name"]?.DeepClone(),
            ["phone"] = null,
            ["tax_exempt"] = "none",
            ["tax_ids"] = new JsonArray(),
        };
        work.Emit("checkout.session.completed", session);
    }

    private static (long Total, string Currency) ReadItems(StripeForm form)
    {
        var (total, currency) = (0L, form.Has("currency") ? form.Currency("currency") : null);
        var items = form.Items("line_items");
        if (items.Count == 0) form.Required("line_items");
        foreach (var item in items)
        {
            currency = form.Currency($"{item}[price_data][currency]");
            form.Required($"{item}[price_data][product_data][name]");
            form.Text($"{item}[price_data][product_data][description]");
            var unit = form.RequiredWhole($"{item}[price_data][unit_amount]", 1, PaymentIntents.AmountMax);
            var quantity = form.RequiredWhole($"{item}[quantity]", 1, 999_999);
            total += unit * quantity;
            if (total > PaymentIntents.AmountMax) form.Reject(StripeError.Invalid(
                "The Checkout Session's total amount must be no more than 999,999.99.", "line_items", "amount_too_large"));
        }
        return (total, currency ?? "");
    }

    private static JsonObject PaymentIntent(SandboxCall call, long total, string currency, JsonObject? customer)
    {
        var form = call.Form;
        return Shapes.PaymentIntent(call.Work, total, currency, customer is null ? null : Json.Text(customer, "id"),
            form.Text("payment_intent_data[description]"), form.Metadata("payment_intent_data[metadata]"),
            form.OneOf("payment_intent_data[setup_future_usage]", "off_session", "on_session"));
    }

    private static JsonObject SetupIntent(SandboxCall call, JsonObject? customer) => Shapes.SetupIntent(
        call.Work, customer is null ? null : Json.Text(customer, "id"),
        call.Form.Text("setup_intent_data[description]"), "off_session", call.Form.Metadata("setup_intent_data[metadata]"));

    private static JsonObject Shape(SandboxWork work, string mode, string success, string? cancel, long total, string currency) => new()
    {
        ["id"] = Ids.New("cs_test", 58),
        ["object"] = Type,
        ["adaptive_pricing"] = new JsonObject { ["enabled"] = false },
        ["after_expiration"] = null,
        ["allow_promotion_codes"] = null,
        ["amount_subtotal"] = mode == "payment" ? total : null,
        ["amount_total"] = mode == "payment" ? total : null,
        ["automatic_tax"] = new JsonObject { ["enabled"] = false, ["liability"] = null, ["provider"] = null, ["status"] = null },
        ["billing_address_collection"] = null,
        ["cancel_url"] = cancel,
        ["client_secret"] = null,
        ["collected_information"] = null,
        ["consent"] = null,
        ["consent_collection"] = null,
        ["created"] = work.UnixNow,
        ["currency"] = currency,
        ["currency_conversion"] = null,
        ["custom_fields"] = new JsonArray(),
        ["custom_text"] = new JsonObject { ["after_submit"] = null, ["shipping_address"] = null, ["submit"] = null, ["terms_of_service_acceptance"] = null },
        ["customer_account"] = null,
        ["customer_details"] = null,
        ["discounts"] = new JsonArray(),
        ["expires_at"] = (work.Now + LifetimeMax).ToUnixTimeSeconds(),
        ["invoice"] = null,
        ["invoice_creation"] = null,
        ["livemode"] = false,
        ["mode"] = mode,
        ["origin_context"] = null,
        ["payment_intent"] = null,
        ["payment_link"] = null,
        ["payment_method_collection"] = mode == "payment" ? "if_required" : "always",
        ["payment_method_configuration_details"] = null,
        ["payment_method_options"] = new JsonObject(),
        ["payment_method_types"] = new JsonArray("card"),
        ["payment_status"] = mode == "payment" ? "unpaid" : "no_payment_required",
        ["permissions"] = null,
        ["phone_number_collection"] = new JsonObject { ["enabled"] = false },
        ["recovered_from"] = null,
        ["saved_payment_method_options"] = null,
        ["setup_intent"] = null,
        ["shipping_address_collection"] = null,
        ["shipping_cost"] = null,
        ["shipping_options"] = new JsonArray(),
        ["status"] = "open",
        ["subscription"] = null,
        ["success_url"] = success,
        ["total_details"] = mode == "payment" ? new JsonObject { ["amount_discount"] = 0, ["amount_shipping"] = 0, ["amount_tax"] = 0 } : null,
        ["ui_mode"] = "hosted",
        ["wallet_options"] = null,
    };
}
