using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification.Perks;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Movements;

/// <summary>What was given back of a prompt is what its row says, at most what it took, and went to what can be spent.</summary>
internal static class UsageReturnRules
{
    private const string Rule = "usage.returned";

    private static readonly string[] Sources =
        [LedgerCodes.CreditGranted, LedgerCodes.CreditPurchased, LedgerCodes.Postpaid, LedgerCodes.Allowance, LedgerCodes.Seat, LedgerCodes.Pool];

    /// <param name="returned">What gave prompts back.</param>
    /// <param name="since">From when on these were read; null: all were.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, IEnumerable<PerkTransfer> returned, DateTimeOffset? since, CancellationToken cancel)
    {
        var moved = returned.ToLookup(p => Guid.TryParse(p.Row.Reference, out var id) ? id : Guid.Empty);
        var rows = await (
            from r in db.UsageReturns
            where since == null || r.At >= since
            join u in db.UsageRecords on r.Id equals u.Id into used
            from u in used.DefaultIfEmpty()
            select new
            {
                r.Id, r.AccountId, r.Nanos, r.Units, r.TierUnits, Known = u != null && u.AccountId == r.AccountId, Unit = u == null ? default : u.Unit,
                Charged = u == null ? 0 : u.ChargedNanos, Covered = u == null ? 0 : u.CoveredUnits,
                Used = u == null ? 0 : u.Unit == Unit.Images ? u.Images : u.InputTokens + u.OutputTokens,
            }).ToListAsync(cancel);
        var findings = new List<Finding>();
        foreach (var row in rows)
        {
            var legs = moved[row.Id].ToList();
            var (money, units) = (legs.Where(l => l.Unit == Unit.Money).Sum(l => (decimal)l.Row.Amount), legs.Where(l => l.Unit != Unit.Money).Sum(l => (decimal)l.Row.Amount));
            var fits = row.Known && money == row.Nanos && units == row.Units && money <= row.Charged && units <= row.Covered && legs.Count > 0
                && legs.TrueForAll(l => l.Row.WalletId == row.AccountId && Fits(l) && (l.Unit == Unit.Money || l.Unit == row.Unit))
                && (row.TierUnits == 0 || row.TierUnits == row.Used - row.Covered);
            if (!fits)
            {
                findings.Add(new Finding(
                    Rule, $"UsageReturns {row.Id}",
                    $"says {row.Nanos} nanos and {row.Units} units, {row.TierUnits} of them counted off; {money} and {units} were given back of {row.Charged} and {row.Covered}"));
            }
        }

        var known = rows.Select(r => r.Id).ToHashSet();
        return [.. findings, .. moved.Where(m => !known.Contains(m.Key)).Select(m => new Finding(Rule, $"Transfers {m.First().Row.Id}", $"gives back '{m.First().Row.Reference}', which nobody did"))];
    }

    private static bool Fits(in PerkTransfer leg) =>
        leg.Debit == (leg.Unit == Unit.Money ? LedgerCodes.RevenueUsage : LedgerCodes.Used)
        && (leg.Row.Code == TransferCodes.PromptReturned ? Sources.Contains(leg.Credit) : leg.Credit == LedgerCodes.CreditPurchased);
}
