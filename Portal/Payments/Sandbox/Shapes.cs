using Portal.Payments.Gateway;
using System.Text.Json.Nodes;

namespace Portal.Payments.Sandbox;

/// <summary>New objects in Stripe's shape, as of the API version that the portal pins. Amounts are minor units, instants are Unix seconds.</summary>
public static class Shapes
{
    public static JsonObject Event(SandboxWork work, string type, JsonObject about, string? idempotencyKey) => new()
    {
        ["id"] = Ids.New("evt"),
        ["object"] = SandboxWork.EventType,
        ["api_version"] = StripeApi.Version,
        ["created"] = work.UnixNow,
        ["data"] = new JsonObject { ["object"] = about.DeepClone() },
        ["livemode"] = false,
        ["pending_webhooks"] = 1,
        ["request"] = new JsonObject { ["id"] = work.RequestId, ["idempotency_key"] = idempotencyKey },
        ["type"] = type,
    };

    public static JsonObject Customer(SandboxWork work, string? email, string? name, string? description, string? phone, JsonObject metadata) => new()
    {
        ["id"] = Ids.New("cus", 14),
        ["object"] = "customer",
        ["address"] = null,
        ["balance"] = 0,
        ["created"] = work.UnixNow,
        ["currency"] = null,
        ["default_source"] = null,
        ["delinquent"] = false,
        ["description"] = description,
        ["discount"] = null,
        ["email"] = email,
        ["invoice_prefix"] = Ids.New("", 8)[1..].ToUpperInvariant(),
        ["invoice_settings"] = new JsonObject { ["custom_fields"] = null, ["default_payment_method"] = null, ["footer"] = null, ["rendering_options"] = null },
        ["livemode"] = false,
        ["metadata"] = metadata,
        ["name"] = name,
        ["next_invoice_sequence"] = 1,
        ["phone"] = phone,
        ["preferred_locales"] = new JsonArray(),
        ["shipping"] = null,
        ["tax_exempt"] = "none",
        ["test_clock"] = null,
    };

    public static JsonObject PaymentMethod(SandboxWork work, TestCard card, int expiryMonth, int expiryYear, string? name, string? email) => new()
    {
        ["id"] = Ids.New("pm"),
        ["object"] = "payment_method",
        ["allow_redisplay"] = "unspecified",
        ["billing_details"] = BillingDetails(name, email),
        ["card"] = Card(card, expiryMonth, expiryYear, saved: true),
        ["created"] = work.UnixNow,
        ["customer"] = null,
        ["customer_account"] = null,
        ["livemode"] = false,
        ["metadata"] = new JsonObject(),
        ["type"] = "card",
    };

    public static JsonObject PaymentIntent(SandboxWork work, long amount, string currency, string? customer, string? description, JsonObject metadata, string? futureUsage)
    {
        var id = Ids.New("pi");
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "payment_intent",
            ["amount"] = amount,
            ["amount_capturable"] = 0,
            ["amount_details"] = new JsonObject { ["tip"] = new JsonObject() },
            ["amount_received"] = 0,
            ["application"] = null,
            ["application_fee_amount"] = null,
            ["automatic_payment_methods"] = null,
            ["canceled_at"] = null,
            ["cancellation_reason"] = null,
            ["capture_method"] = "automatic",
            ["client_secret"] = id + Ids.New("_secret", 25),
            ["confirmation_method"] = "automatic",
            ["created"] = work.UnixNow,
            ["currency"] = currency,
            ["customer"] = customer,
            ["customer_account"] = null,
            ["description"] = description,
            ["excluded_payment_method_types"] = null,
            ["last_payment_error"] = null,
            ["latest_charge"] = null,
            ["livemode"] = false,
            ["metadata"] = metadata,
            ["next_action"] = null,
            ["on_behalf_of"] = null,
            ["payment_method"] = null,
            ["payment_method_configuration_details"] = null,
            ["payment_method_options"] = new JsonObject(),
            ["payment_method_types"] = new JsonArray("card"),
            ["processing"] = null,
            ["receipt_email"] = null,
            ["review"] = null,
            ["setup_future_usage"] = futureUsage,
            ["shipping"] = null,
            ["source"] = null,
            ["statement_descriptor"] = null,
            ["statement_descriptor_suffix"] = null,
            ["status"] = "requires_payment_method",
            ["transfer_data"] = null,
            ["transfer_group"] = null,
        };
    }

    public static JsonObject SetupIntent(SandboxWork work, string? customer, string? description, string usage, JsonObject metadata)
    {
        var id = Ids.New("seti");
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "setup_intent",
            ["application"] = null,
            ["automatic_payment_methods"] = null,
            ["cancellation_reason"] = null,
            ["client_secret"] = id + Ids.New("_secret", 31),
            ["created"] = work.UnixNow,
            ["customer"] = customer,
            ["description"] = description,
            ["excluded_payment_method_types"] = null,
            ["flow_directions"] = null,
            ["last_setup_error"] = null,
            ["latest_attempt"] = null,
            ["livemode"] = false,
            ["mandate"] = null,
            ["metadata"] = metadata,
            ["next_action"] = null,
            ["on_behalf_of"] = null,
            ["payment_method"] = null,
            ["payment_method_configuration_details"] = null,
            ["payment_method_options"] = new JsonObject(),
            ["payment_method_types"] = new JsonArray("card"),
            ["single_use_mandate"] = null,
            ["status"] = "requires_payment_method",
            ["usage"] = usage,
        };
    }

    internal static JsonObject BillingDetails(string? name, string? email) => new()
    {
        ["address"] = new JsonObject { ["city"] = null, ["country"] = null, ["line1"] = null, ["line2"] = null, ["postal_code"] = null, ["state"] = null },
        ["email"] = email,
        ["name"] = name,
        ["phone"] = null,
        ["tax_id"] = null,
    };

    /// <param name="saved">A payment method's card has fields that a charge's has not, and the other way round.</param>
    internal static JsonObject Card(TestCard card, int expiryMonth, int expiryYear, bool saved)
    {
        var result = new JsonObject
        {
            ["brand"] = card.Brand,
            ["checks"] = new JsonObject
            {
                ["address_line1_check"] = null,
                ["address_postal_code_check"] = null,
                ["cvc_check"] = card.Code == "incorrect_cvc" ? "fail" : "pass",
            },
            ["country"] = "US",
            ["exp_month"] = expiryMonth,
            ["exp_year"] = expiryYear,
            ["fingerprint"] = card.Fingerprint,
            ["funding"] = "credit",
            ["last4"] = card.Last4,
            ["wallet"] = null,
            ["regulated_status"] = "unregulated",
        };
        if (saved)
        {
            result["display_brand"] = card.Brand;
            result["generated_from"] = null;
            result["networks"] = new JsonObject { ["available"] = new JsonArray(card.Brand), ["preferred"] = null };
            result["three_d_secure_usage"] = new JsonObject { ["supported"] = true };
            return result;
        }
        result["installments"] = null;
        result["mandate"] = null;
        result["network"] = card.Brand;
        result["network_transaction_id"] = null;
        result["three_d_secure"] = null;
        return result;
    }
}
