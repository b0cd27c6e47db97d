using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification.Perks;
using Portal.Billing.Verification.Rows;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Billing.Verification.Payments;

/// <summary>
/// What a dispute froze is held as long as it is open, the customer's again when it was won and gone when it was lost; nothing else is in dispute. What it
/// wanted beyond that is owed once when it was lost, and only purchased credit pays it.
/// </summary>
internal static class DisputeRules
{
    /// <param name="frozen">What was held for, or moved into, the disputed account.</param>
    /// <param name="debts">What was moved out of, or into, the account of what is owed.</param>
    /// <param name="since">From when on these were read; null: all were.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, List<TransferRow> frozen, IReadOnlyCollection<PerkTransfer> debts, DateTimeOffset? since, CancellationToken cancel)
    {
        var disputes = (await db.Disputes.ToListAsync(cancel)).ToDictionary(d => d.HoldId);
        var bonuses = disputes.Values.ToDictionary(d => d.BonusHoldId);
        var granted = await db.Disputes.Join(db.Payments.Where(p => p.BonusNanos != 0), d => d.PaymentId, p => p.Id, (d, p) => new { d.Id, p.BonusNanos }).ToDictionaryAsync(d => d.Id, d => d.BonusNanos, cancel);
        var ids = disputes.Keys.Concat(bonuses.Keys).ToList();
        var states = await db.Holds.Where(h => ids.Contains(h.Id)).ToDictionaryAsync(h => h.Id, h => h.State, cancel);
        var findings = frozen.Where(t => t.HoldId is not { } id || !(disputes.ContainsKey(id) || bonuses.ContainsKey(id)))
            .Select(t => new Finding("dispute.unknown", $"Transfers {t.Id}", $"freezes {t.Amount} nanos for a dispute that does not exist")).ToList();
        var holds = frozen.Where(t => t.Kind == TransferKind.Pending).ToLookup(t => t.HoldId, t => (decimal)t.Amount);
        foreach (var (holdId, dispute) in disputes)
        {
            var held = holds[holdId].Sum();
            var found = states.TryGetValue(holdId, out var state);
            var expected = Expected(dispute);
            var fits = dispute.FrozenNanos == 0 ? !found : found && state == expected && (dispute.OpenedAt < since || held == dispute.FrozenNanos);
            var beyond = dispute.FrozenNanos + dispute.SpentNanos - dispute.AmountNanos;
            var ofBonus = Math.Max(0, beyond) + holds[dispute.BonusHoldId].Sum();
            var whole = beyond >= 0 || dispute is { Status: DisputeStatus.Won, FrozenNanos: 0, SpentNanos: 0 };
            if (!fits || !whole || dispute.SpentNanos < 0 || ofBonus > granted.GetValueOrDefault(dispute.Id) || dispute.ClosedAt is null != dispute.Status is DisputeStatus.NeedsResponse or DisputeStatus.UnderReview)
            {
                findings.Add(new Finding(
                    "dispute.frozen", $"Disputes {dispute.Id}",
                    $"{dispute.Status} with {dispute.FrozenNanos} of {dispute.AmountNanos} nanos frozen, {dispute.SpentNanos} spent, {ofBonus} for its bonus; its hold is {(found ? $"{state}" : "missing")} with {held}"));
            }
        }

        findings.AddRange(bonuses.Where(b => states.TryGetValue(b.Key, out var state) && state != Expected(b.Value))
            .Select(b => new Finding("dispute.bonus", $"Disputes {b.Value.Id}", $"{b.Value.Status}, the hold of its payment's bonus is {states[b.Key]}")));
        return [.. findings, .. Owed(disputes.Values, debts, since)];
    }

    private static IEnumerable<Finding> Owed(IReadOnlyCollection<Dispute> disputes, IReadOnlyCollection<PerkTransfer> debts, DateTimeOffset? since)
    {
        var booked = debts.Where(t => t.Row.Code == TransferCodes.DisputeOwed).ToLookup(t => t.Row.Reference);
        var names = disputes.Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        var strange = debts.Where(t => !(t.Row.Kind == TransferKind.Immediate && (t.Row.Code == TransferCodes.DisputeOwed
            ? t is { Debit: LedgerCodes.Owed, Credit: LedgerCodes.Disputed, Row.Reference: { } dispute } && names.Contains(dispute)
            : t is { Row.Code: TransferCodes.OwedRepaid, Debit: LedgerCodes.CreditPurchased, Credit: LedgerCodes.Owed })));
        var wrong = disputes.Where(d =>
        {
            var due = d.Status == DisputeStatus.Lost && !(d.ClosedAt < since) ? d.SpentNanos : 0;
            var own = booked[d.Id].ToList();
            return due == 0 ? own.Count != 0 : !(own is [var one] && one.Row.Amount == due && one.Row.WalletId == d.AccountId);
        });
        return
        [
            .. strange.Select(t => new Finding("owed.accounts", $"Transfers {t.Row.Id}", $"the {t.Row.Code} of '{t.Row.Reference}' moves from {t.Debit} to {t.Credit}: only a lost dispute is owed, and only purchased credit pays it")),
            .. wrong.Select(d => new Finding("dispute.owed", $"Disputes {d.Id}", $"{d.Status} with {d.SpentNanos} nanos spent, booked as owed {booked[d.Id].Count()} times with {booked[d.Id].Sum(t => (decimal)t.Row.Amount)}")),
        ];
    }

    private static HoldState Expected(Dispute dispute) =>
        dispute.Status switch { DisputeStatus.Won => HoldState.Voided, DisputeStatus.Lost => HoldState.Posted, _ => HoldState.Open };
}
