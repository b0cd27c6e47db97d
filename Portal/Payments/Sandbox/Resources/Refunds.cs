using System.Text.Json.Nodes;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox.Resources;

public static class Refunds
{
    public const string Type = "refund";

    /// <summary>How long the refund of a card that takes its time stays undecided.</summary>
    public static readonly TimeSpan SettlesAfter = TimeSpan.FromSeconds(30);

    public static async Task<SandboxAnswer> Create(SandboxCall call)
    {
        var (form, work) = (call.Form, call.Work);
        var (charge, missing) = await Charge(call);
        var wanted = form.Whole("amount", 1, PaymentIntents.AmountMax);
        var reason = form.OneOf("reason", "duplicate", "fraudulent", "requested_by_customer");
        var metadata = form.Metadata("metadata");
        if ((form.Complete() ?? missing) is { } error) return error;

        var id = Json.Text(charge!, "id");
        var rest = Json.Long(charge!, "amount") - Json.Long(charge!, "amount_refunded");
        if (Json.Text(charge!, "status") != "succeeded")
            return StripeError.Invalid($"Charge {id} has not been paid, so it cannot be refunded.", "charge");
        if (Json.Flag(charge!, "disputed"))
            return StripeError.Invalid($"Charge {id} has been charged back; cannot issue a refund.", null, "charge_disputed");
        if (rest == 0)
            return StripeError.Invalid($"Charge {id} has already been refunded.", null, "charge_already_refunded");
        if (wanted > rest)
            return StripeError.Invalid($"Refund amount ({Shown(wanted.Value, charge!)}) is greater than unrefunded amount on charge ({Shown(rest, charge!)})", "amount", "amount_too_large");

        var card = TestCards.OfCharge(charge!);
        var changesLater = card.Outcome is TestCardOutcome.RefundPends or TestCardOutcome.RefundFails;
        var status = card.Outcome == TestCardOutcome.RefundPends ? "pending" : "succeeded";
        var refund = work.Add(ChargeShapes.Refund(work, charge!, wanted ?? rest, reason, metadata, status), changesLater ? work.Now + SettlesAfter : null);
        var transaction = work.Add(ChargeShapes.BalanceTransaction(
            work, Json.Text(refund, "id"), -Json.Long(refund, "amount"), Json.Text(refund, "currency"), "refund"));
        refund["balance_transaction"] = Json.Text(transaction, "id");
        Move(charge!, Json.Long(refund, "amount"));
        work.Emit("refund.created", refund);
        work.Emit("charge.refunded", charge!);
        return refund;
    }

    /// <summary>The later outcome of a refund whose card does not decide at once.</summary>
    public static async Task Settle(SandboxWork work, JsonObject refund, CancellationToken cancel)
    {
        work.SetDue(refund, null);
        if (Json.Text(refund, "status") == "pending")
        {
            refund["status"] = "succeeded";
            work.Emit("refund.updated", refund);
            return;
        }
        var charge = (await work.Find("charge", Json.Text(refund, "charge"), cancel))!;
        var back = work.Add(ChargeShapes.BalanceTransaction(
            work, Json.Text(refund, "id"), Json.Long(refund, "amount"), Json.Text(refund, "currency"), "refund_failure"));
        refund["status"] = "failed";
        refund["failure_reason"] = "expired_or_canceled_card";
        refund["failure_balance_transaction"] = Json.Text(back, "id");
        Move(charge, -Json.Long(refund, "amount"));
        work.Emit("refund.failed", refund);
        work.Emit("refund.updated", refund);
    }

    private static void Move(JsonObject charge, long amount)
    {
        charge["amount_refunded"] = Json.Long(charge, "amount_refunded") + amount;
        charge["refunded"] = Json.Long(charge, "amount_refunded") == Json.Long(charge, "amount");
    }

    private static async Task<(JsonObject? Charge, StripeError? Error)> Charge(SandboxCall call)
    {
        var (charge, noCharge) = await call.Referenced("charge", "charge");
        var (intent, noIntent) = await call.Referenced(PaymentIntents.Type, "payment_intent");
        if ((noCharge ?? noIntent) is { } error) return (null, error);
        if (charge is not null) return (charge, null);
        if (intent is null) return (null, StripeError.Invalid("One of the following params should be provided for this request: payment_intent or charge.", null, "parameter_missing"));
        if (Json.TextOrNull(intent, "latest_charge") is not { } latest)
            return (null, StripeError.Invalid("This PaymentIntent does not have a successful charge to refund.", "payment_intent"));
        return (await call.Work.Find("charge", latest, call.Ct), null);
    }

    private static string Shown(long amount, JsonObject charge) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Json.Text(charge, "currency").ToUpperInvariant()} {amount / 100m:0.00}");
}
