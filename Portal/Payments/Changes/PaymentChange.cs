using Portal.Data.Payments;
using Portal.Payments.Gateway;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Changes;

/// <summary>What the gateway says about a payment, whether by webhook or when asked. Closed. Amounts are minor units.</summary>
public abstract record PaymentChange
{
    private PaymentChange()
    {
    }

    /// <summary>The money has arrived.</summary>
    public sealed record Paid(long AmountMinor, string Currency, string? IntentId) : PaymentChange;

    /// <summary>Which card paid.</summary>
    public sealed record CardSeen(string? Brand, string? Last4) : PaymentChange;

    /// <summary>One try was declined. On the gateway's page the person may try another card; a saved card is charged once.</summary>
    public sealed record Declined(string Code, string? IntentId = null) : PaymentChange;

    /// <summary>The gateway's answer to a charge was lost.</summary>
    public sealed record Unanswered : PaymentChange;

    /// <summary>It can no longer be paid.</summary>
    public sealed record Ended(string Code) : PaymentChange;

    /// <param name="RefundId">The refund here; null for one that was made at the gateway by hand.</param>
    /// <param name="Status">As the gateway names it: pending, requires_action, succeeded, failed, canceled.</param>
    public sealed record RefundMoved(Guid? RefundId, string GatewayId, long AmountMinor, string Status, string? FailureCode) : PaymentChange
    {
        public static RefundMoved Of(GatewayRefund refund, Guid? refundId) => new(refundId, refund.Id, refund.Amount, refund.Status, refund.FailureReason);
    }

    /// <summary>The gateway did not take a refund.</summary>
    public sealed record RefundRefused(Guid RefundId, string Code) : PaymentChange;

    /// <summary>The gateway's answer to a refund was lost.</summary>
    public sealed record RefundUnanswered(Guid RefundId) : PaymentChange;

    /// <summary>The card holder's bank takes the money back, for now or for good, or has given it up.</summary>
    /// <param name="DueAt">Until when it takes evidence; null when it takes none.</param>
    public sealed record Disputed(string DisputeId, long AmountMinor, string Reason, DisputeStatus Status, DateTimeOffset? DueAt) : PaymentChange
    {
        public static Disputed Of(GatewayDispute dispute) => new(
            dispute.Id, dispute.Amount, dispute.Reason ?? "general",
            dispute.Status switch
            {
                "needs_response" or "warning_needs_response" => DisputeStatus.NeedsResponse,
                "under_review" or "warning_under_review" => DisputeStatus.UnderReview,
                "lost" => DisputeStatus.Lost,
                _ => DisputeStatus.Won,
            },
            dispute.EvidenceDetails?.DueBy is > 0 and var due ? DateTimeOffset.FromUnixTimeSeconds(due) : null);
    }

    /// <summary>Nothing that the portal acts on.</summary>
    public sealed record Nothing : PaymentChange;
}
