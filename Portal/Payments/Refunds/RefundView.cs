using Portal.Data;
using Portal.Data.Payments;

namespace Portal.Payments.Refunds;

/// <param name="FailureCode">The gateway's reason, when it failed.</param>
/// <param name="CreditNoteId">The document about it; null until it succeeded.</param>
public sealed record RefundView(
    Guid Id, Money Amount, string Reason, RefundStatus Status, string? FailureCode, DateTimeOffset At, DateTimeOffset? ResolvedAt, Guid? CreditNoteId)
{
    internal static RefundView Of(Refund refund, Guid? creditNoteId = null) =>
        new(refund.Id, new Money(refund.AmountNanos), refund.Reason, refund.Status, refund.FailureCode, refund.CreatedAt, refund.ResolvedAt, creditNoteId);
}
