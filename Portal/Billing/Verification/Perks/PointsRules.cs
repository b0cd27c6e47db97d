using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Perks;

/// <summary>Every entry of points is what the ledger moved for it: points given, or points taken and credit granted for them.</summary>
internal static class PointsRules
{
    /// <param name="since">From when on the transfers were read; null: all were.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, IEnumerable<PerkTransfer> perks, DateTimeOffset? since, CancellationToken cancel)
    {
        var moved = perks.Where(p => p.Row.Code == TransferCodes.Points).GroupBy(p => (p.Row.WalletId, Guid.TryParse(p.Row.Reference, out var id) ? id : Guid.Empty))
            .ToDictionary(g => g.Key, g => (
                Points: g.Sum(p => p is { Debit: LedgerCodes.Issued, Credit: LedgerCodes.Points } ? p.Row.Amount : p is { Debit: LedgerCodes.Points, Credit: LedgerCodes.Issued } ? -p.Row.Amount : 0m),
                Credit: g.Sum(p => p is { Debit: LedgerCodes.Issued, Credit: LedgerCodes.CreditGranted } ? p.Row.Amount : 0m),
                Count: g.Count()));
        var findings = new List<Finding>();
        foreach (var entry in await db.PointsEntries.Where(e => since == null || e.At >= since).Select(e => new { e.Id, e.AccountId, e.Points, e.CreditNanos }).ToListAsync(cancel))
        {
            _ = moved.Remove((entry.AccountId, entry.Id), out var own);
            if (own != (entry.Points, entry.CreditNanos, entry.Points < 0 ? 2 : 1))
            {
                findings.Add(new Finding("points.entry", $"PointsEntries {entry.Id}", $"says {entry.Points} points and {entry.CreditNanos} nanos; {own.Count} transfers moved {own.Points} and {own.Credit}"));
            }
        }

        return [.. findings, .. moved.Select(m => new Finding("points.unknown", $"Transfers {m.Key.WalletId}", $"{m.Value.Points} points moved for '{m.Key.Item2}', which is no entry"))];
    }
}
