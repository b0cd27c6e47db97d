using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Data.Support;

namespace Portal.Payments.Refunds;

/// <summary>Who asked for a refund and who decided about it, written with the deed.</summary>
internal static class RefundAudit
{
    /// <param name="can">As it was before.</param>
    public static void Requested(LedgerTransaction transaction, Caller by, Refund refund, Refundable can) => Write(
        transaction, by.PersonId, refund, refund.LapsesAt is null ? "refund.requested" : "refund.awaits",
        $"{Text(can.Refunded + can.Waiting)} / {Text(can.Paid)}", $"{Text(can.Refunded + can.Waiting + new Money(refund.AmountNanos))} / {Text(can.Paid)}", refund.Reason);

    /// <param name="why">Null when none was asked for.</param>
    public static void Decided(LedgerTransaction transaction, Guid personId, Refund refund, string action, string? why) =>
        Write(transaction, personId, refund, action, $"{RefundStatus.AwaitingApproval}", $"{refund.Status}", why);

    private static void Write(LedgerTransaction transaction, Guid personId, Refund refund, string action, string before, string after, string? reason) =>
        transaction.Db.AuditEntries.Add(new AuditEntry
        {
            At = transaction.Now, PersonId = personId, AccountId = refund.AccountId, Action = action, Subject = $"{refund.PaymentId ?? refund.InvoiceId}",
            Detail = Text(new Money(refund.AmountNanos)), Before = before, After = after, Reason = reason,
        });

    private static string Text(Money money) => money.ToTwoDecimals();
}
