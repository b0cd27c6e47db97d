using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Billing.Verification.Perks;

/// <summary>A bonus was granted once with its paid top-up, and what refunds took back of it is what they say, and no more than it was.</summary>
internal static class BonusRules
{
    /// <param name="since">From when on the transfers were read; null: all were.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, IReadOnlyCollection<PerkTransfer> perks, DateTimeOffset? since, CancellationToken cancel) =>
        [.. await Granted(db, perks, since, cancel), .. await TakenBack(db, perks, since, cancel)];

    private static async Task<IEnumerable<Finding>> Granted(PortalDb db, IEnumerable<PerkTransfer> perks, DateTimeOffset? since, CancellationToken cancel)
    {
        var payments = await db.Payments.Where(p => p.BonusNanos != 0)
            .Select(p => new
            {
                p.Id, p.AccountId, p.AmountNanos, p.BonusNanos, p.Status, p.SucceededAt,
                Taken = p.Refunds.Where(r => r.Status != RefundStatus.Failed && r.Status != RefundStatus.Rejected).Sum(r => r.BonusNanos + r.BonusSpentNanos),
            }).ToDictionaryAsync(p => p.Id, cancel);
        var granted = perks.Where(p => p.Row.Code == TransferCodes.TopUpBonus).ToLookup(p => Guid.TryParse(p.Row.Reference, out var id) && payments.ContainsKey(id) ? id : Guid.Empty);
        var findings = granted[Guid.Empty].Select(p => new Finding("bonus.unknown", $"Transfers {p.Row.Id}", $"grants {p.Row.Amount} nanos for '{p.Row.Reference}', which has no bonus")).ToList();
        foreach (var payment in payments.Values)
        {
            var own = granted[payment.Id].ToList();
            var fits = payment.Status == PaymentStatus.Succeeded && !(payment.SucceededAt < since)
                ? own is [var one] && one.Row.Amount == payment.BonusNanos && one.Row.WalletId == payment.AccountId && one is { Debit: LedgerCodes.Issued, Credit: LedgerCodes.CreditGranted }
                : own.Count == 0;
            if (!fits)
            {
                findings.Add(new Finding(
                    "bonus.credit", $"Payments {payment.Id}", $"{payment.Status} with a bonus of {payment.BonusNanos} nanos, granted {own.Count} times with {own.Sum(p => (decimal)p.Row.Amount)}"));
            }

            if (payment.BonusNanos < 0 || payment.BonusNanos > payment.AmountNanos || payment.Taken > payment.BonusNanos)
            {
                findings.Add(new Finding("bonus.taken", $"Payments {payment.Id}", $"refunds took {payment.Taken} of a bonus of {payment.BonusNanos} nanos on {payment.AmountNanos}"));
            }
        }

        return findings;
    }

    private static async Task<IEnumerable<Finding>> TakenBack(PortalDb db, IEnumerable<PerkTransfer> perks, DateTimeOffset? since, CancellationToken cancel)
    {
        var moved = perks.Where(p => p.Row.Code == TransferCodes.TopUpBonusBack).GroupBy(p => Guid.TryParse(p.Row.Reference, out var id) ? id : Guid.Empty)
            .ToDictionary(g => g.Key, g => (Bonus: Net(g, LedgerCodes.CreditGranted), Spent: Net(g, LedgerCodes.CreditPurchased)));
        var refunds = await db.Refunds.Where(r => r.BonusNanos != 0 || r.BonusSpentNanos != 0).Where(r => since == null || r.CreatedAt >= since)
            .Select(r => new { r.Id, r.BonusNanos, r.BonusSpentNanos, r.Status }).ToListAsync(cancel);
        var findings = new List<Finding>();
        foreach (var refund in refunds)
        {
            _ = moved.Remove(refund.Id, out var taken);
            var over = refund.Status is RefundStatus.Failed or RefundStatus.Rejected;
            if (taken != (over ? (0m, 0m) : ((decimal)refund.BonusNanos, (decimal)refund.BonusSpentNanos)))
            {
                findings.Add(new Finding(
                    "bonus.refund", $"Refunds {refund.Id}", $"{refund.Status}, says {refund.BonusNanos} and {refund.BonusSpentNanos} nanos of bonus; {taken.Bonus} and {taken.Spent} were taken"));
            }
        }

        // What was taken and given back since, for a refund of before, is no matter of this run.
        var known = since is null ? [] : (await db.Refunds.Where(r => r.CreatedAt < since).Select(r => r.Id).ToListAsync(cancel)).ToHashSet();
        return [.. findings, .. moved.Keys.Where(id => !known.Contains(id)).Select(id => new Finding("bonus.back", $"Refunds {id}", "bonus was taken back for a refund that says nothing of it"))];
    }

    private static decimal Net(IEnumerable<PerkTransfer> perks, string code) =>
        perks.Sum(p => p is { Credit: LedgerCodes.Issued } && p.Debit == code ? p.Row.Amount : p is { Debit: LedgerCodes.Issued } && p.Credit == code ? -p.Row.Amount : 0m);
}
