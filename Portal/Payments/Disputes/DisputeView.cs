using Portal.Data;
using Portal.Data.Payments;

namespace Portal.Payments.Disputes;

/// <summary>A dispute as the staff and the account's own people see it.</summary>
/// <param name="Frozen">What of the credit is frozen; gone when it was lost.</param>
/// <param name="Spent">What of it was spent and could not be frozen: owed when it was lost.</param>
/// <param name="Left">Until the bank takes no more evidence; null when it waits for none.</param>
/// <param name="Evidence">What was sent to the bank last; null to the account's own people.</param>
public sealed record DisputeView(
    string Id, Guid PaymentId, Guid AccountId, string Account, Money Amount, Money Frozen, Money Spent, string Reason, DisputeStatus Status,
    DateTimeOffset? DueAt, TimeSpan? Left, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Evidence, DateTimeOffset? EvidenceAt)
{
    internal static DisputeView Of(Dispute d, string account, DateTimeOffset now, bool staff) => new(
        d.Id, d.PaymentId, d.AccountId, account, new Money(d.AmountNanos), new Money(d.FrozenNanos), new Money(d.SpentNanos), d.Reason, d.Status, d.DueAt,
        d.Status == DisputeStatus.NeedsResponse && d.DueAt > now ? d.DueAt - now : null, d.OpenedAt, d.ClosedAt, staff ? d.Evidence : null, d.EvidenceAt);
}
