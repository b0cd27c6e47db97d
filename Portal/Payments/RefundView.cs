using Portal.Data;
using Portal.Data.Payments;

namespace Portal.Payments;

/// <param name="FailureCode">The gateway's reason, when it failed.</param>
public sealed record RefundView(Guid Id, Money Amount, string Reason, RefundStatus Status, string? FailureCode, DateTimeOffset At, DateTimeOffset? ResolvedAt)
{
    internal static RefundView Of(Refund refund) =>
        new(refund.Id, new Money(refund.AmountNanos), refund.Reason, refund.Status, refund.FailureCode, refund.CreatedAt, refund.ResolvedAt);
}
