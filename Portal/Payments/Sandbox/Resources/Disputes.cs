using System.Text.Json.Nodes;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox.Resources;

public static class Disputes
{
    public const string Type = "dispute";

    /// <summary>Evidence decides a test dispute by its words, as in Stripe's testing guide: <c>winning_evidence</c> or <c>losing_evidence</c>.</summary>
    public static async Task<SandboxAnswer> Update(SandboxCall call)
    {
        var (form, work) = (call.Form, call.Work);
        if (await work.Find(Type, call.Id, call.Ct) is not { } dispute) return call.NotFound(Type);
        var (text, submit) = (form.Text("evidence[uncategorized_text]"), form.Flag("submit") ?? true);
        var metadata = form.Metadata("metadata", dispute["metadata"]!.AsObject());
        if (form.Complete() is { } error) return error;
        if (Json.Text(dispute, "status") is "won" or "lost") return StripeError.Invalid("This dispute is already closed.");

        dispute["metadata"] = metadata;
        if (text is not null)
        {
            dispute["evidence"]!["uncategorized_text"] = text;
            dispute["evidence_details"]!["has_evidence"] = true;
        }
        if (!submit || text is null) return dispute;
        dispute["evidence_details"]!["submission_count"] = Json.Long(dispute, "evidence_details", "submission_count") + 1;
        if (text == "winning_evidence") Close(call.Work, dispute, "won");
        else if (text == "losing_evidence") Close(call.Work, dispute, "lost");
        else
        {
            dispute["status"] = "under_review";
            work.Emit("charge.dispute.updated", dispute);
        }
        return dispute;
    }

    public static async Task<SandboxAnswer> Close(SandboxCall call)
    {
        if (await call.Work.Find(Type, call.Id, call.Ct) is not { } dispute) return call.NotFound(Type);
        if (call.Form.Complete() is { } error) return error;
        if (Json.Text(dispute, "status") is "won" or "lost") return StripeError.Invalid("This dispute is already closed.");
        Close(call.Work, dispute, "lost");
        return dispute;
    }

    private static void Close(SandboxWork work, JsonObject dispute, string status)
    {
        dispute["status"] = status;
        work.Emit("charge.dispute.closed", dispute);
        if (status == "lost") return;
        var back = work.Add(ChargeShapes.BalanceTransaction(
            work, Json.Text(dispute, "id"), Json.Long(dispute, "amount"), Json.Text(dispute, "currency"), "dispute_reversal"));
        dispute["balance_transactions"]!.AsArray().Add(back.DeepClone());
        work.Emit("charge.dispute.funds_reinstated", dispute);
    }
}
