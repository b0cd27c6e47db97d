using System.Text.Json.Nodes;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox;

/// <summary>The objects that come after a payment was tried: charge, balance transaction, refund, dispute.</summary>
public static class ChargeShapes
{
    private const int EvidenceDays = 7;

    /// <param name="decline">Null for a charge that succeeded.</param>
    public static JsonObject Charge(SandboxWork work, JsonObject intent, JsonObject method, StripeError? decline)
    {
        var card = TestCards.Of(method);
        var amount = Json.Long(intent, "amount");
        var paid = decline is null;
        return new JsonObject
        {
            ["id"] = Ids.New("ch"),
            ["object"] = "charge",
            ["amount"] = amount,
            ["amount_captured"] = paid ? amount : 0,
            ["amount_refunded"] = 0,
            ["application"] = null,
            ["application_fee"] = null,
            ["application_fee_amount"] = null,
            ["balance_transaction"] = null,
            ["billing_details"] = method["billing_details"]!.DeepClone(),
            ["calculated_statement_descriptor"] = "PORTAL SANDBOX",
            ["captured"] = paid,
            ["created"] = work.UnixNow,
            ["currency"] = Json.Text(intent, "currency"),
            ["customer"] = intent["customer"]?.DeepClone(),
            ["description"] = intent["description"]?.DeepClone(),
            ["disputed"] = false,
            ["failure_balance_transaction"] = null,
            ["failure_code"] = decline?.Code,
            ["failure_message"] = decline?.Message,
            ["fraud_details"] = new JsonObject(),
            ["livemode"] = false,
            ["metadata"] = intent["metadata"]!.DeepClone(),
            ["on_behalf_of"] = null,
            ["outcome"] = Outcome(decline),
            ["paid"] = paid,
            ["payment_intent"] = Json.Text(intent, "id"),
            ["payment_method"] = Json.Text(method, "id"),
            ["payment_method_details"] = new JsonObject
            {
                ["card"] = Shapes.Card(card, (int)Json.Long(method, "card", "exp_month"), (int)Json.Long(method, "card", "exp_year"), saved: false),
                ["type"] = "card",
            },
            ["receipt_email"] = null,
            ["receipt_number"] = null,
            ["receipt_url"] = null,
            ["refunded"] = false,
            ["review"] = null,
            ["shipping"] = null,
            ["source"] = null,
            ["source_transfer"] = null,
            ["statement_descriptor"] = null,
            ["statement_descriptor_suffix"] = null,
            ["status"] = paid ? "succeeded" : "failed",
            ["transfer_data"] = null,
            ["transfer_group"] = null,
        };
    }

    /// <param name="amount">Positive for money that comes in, negative for money that goes out. The sandbox takes no fee.</param>
    /// <param name="category">charge, refund or dispute.</param>
    public static JsonObject BalanceTransaction(SandboxWork work, string sourceId, long amount, string currency, string category) => new()
    {
        ["id"] = Ids.New("txn"),
        ["object"] = "balance_transaction",
        ["amount"] = amount,
        ["available_on"] = work.UnixNow,
        ["balance_type"] = "payments",
        ["created"] = work.UnixNow,
        ["currency"] = currency,
        ["description"] = null,
        ["exchange_rate"] = null,
        ["fee"] = 0,
        ["fee_details"] = new JsonArray(),
        ["net"] = amount,
        ["reporting_category"] = category,
        ["source"] = sourceId,
        ["status"] = "available",
        ["type"] = category == "dispute" ? "adjustment" : category,
    };

    public static JsonObject Refund(SandboxWork work, JsonObject charge, long amount, string? reason, JsonObject metadata, string status) => new()
    {
        ["id"] = Ids.New("re"),
        ["object"] = "refund",
        ["amount"] = amount,
        ["balance_transaction"] = null,
        ["charge"] = Json.Text(charge, "id"),
        ["created"] = work.UnixNow,
        ["currency"] = Json.Text(charge, "currency"),
        ["customer"] = charge["customer"]?.DeepClone(),
        ["customer_account"] = null,
        ["destination_details"] = new JsonObject { ["card"] = new JsonObject { ["type"] = "refund" }, ["type"] = "card" },
        ["metadata"] = metadata,
        ["payment_intent"] = charge["payment_intent"]?.DeepClone(),
        ["payment_method"] = charge["payment_method"]?.DeepClone(),
        ["reason"] = reason,
        ["receipt_number"] = null,
        ["source_transfer_reversal"] = null,
        ["status"] = status,
        ["transfer_reversal"] = null,
    };

    public static JsonObject Dispute(SandboxWork work, JsonObject charge, string reason) => new()
    {
        ["id"] = Ids.New("dp"),
        ["object"] = "dispute",
        ["amount"] = Json.Long(charge, "amount"),
        ["balance_transactions"] = new JsonArray(),
        ["charge"] = Json.Text(charge, "id"),
        ["created"] = work.UnixNow,
        ["currency"] = Json.Text(charge, "currency"),
        ["enhanced_eligibility_types"] = new JsonArray(),
        ["evidence"] = Evidence(),
        ["evidence_details"] = new JsonObject
        {
            ["due_by"] = work.Now.AddDays(EvidenceDays).ToUnixTimeSeconds(),
            ["enhanced_eligibility"] = new JsonObject(),
            ["has_evidence"] = false,
            ["past_due"] = false,
            ["submission_count"] = 0,
        },
        ["is_charge_refundable"] = false,
        ["livemode"] = false,
        ["metadata"] = new JsonObject(),
        ["payment_intent"] = charge["payment_intent"]?.DeepClone(),
        ["payment_method_details"] = new JsonObject
        {
            ["card"] = new JsonObject
            {
                ["brand"] = Json.Text(charge, "payment_method_details", "card", "brand"),
                ["case_type"] = "chargeback",
                ["network"] = Json.Text(charge, "payment_method_details", "card", "network"),
                ["network_reason_code"] = "10.4",
            },
            ["type"] = "card",
        },
        ["reason"] = reason,
        ["status"] = "needs_response",
    };

    private static JsonObject Evidence()
    {
        string[] texts =
        [
            "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure", "cancellation_rebuttal",
            "customer_communication", "customer_email_address", "customer_name", "customer_purchase_ip", "customer_signature",
            "duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id", "product_description", "receipt",
            "refund_policy", "refund_policy_disclosure", "refund_refusal_explanation", "service_date", "service_documentation",
            "shipping_address", "shipping_carrier", "shipping_date", "shipping_documentation", "shipping_tracking_number",
            "uncategorized_file", "uncategorized_text",
        ];
        var evidence = new JsonObject();
        foreach (var text in texts) evidence[text] = null;
        evidence["enhanced_evidence"] = new JsonObject();
        return evidence;
    }

    private static JsonObject Outcome(StripeError? decline)
    {
        var blockedByBank = decline is not null;
        return new JsonObject
        {
            ["advice_code"] = decline is { DeclineCode: "insufficient_funds" or "processing_error" } ? "try_again_later" : null,
            ["network_advice_code"] = null,
            ["network_decline_code"] = null,
            ["network_status"] = blockedByBank ? "declined_by_network" : "approved_by_network",
            ["reason"] = decline?.DeclineCode,
            ["seller_message"] = blockedByBank ? "The bank returned the decline code `" + decline!.DeclineCode + "`." : "Payment complete.",
            ["type"] = blockedByBank ? "issuer_declined" : "authorized",
        };
    }
}
