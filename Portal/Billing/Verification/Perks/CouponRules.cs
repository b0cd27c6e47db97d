using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification.Movements;
using Portal.Billing.Verification.Rows;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Billing.Verification.Perks;

/// <summary>Coupons were redeemed as often as they say and no more than they may be, and each credit that was promised was granted once.</summary>
internal static class CouponRules
{
    /// <param name="transfers">Those of coupons.</param>
    /// <param name="since">From when on these were read; null: all were.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, TransferRules transfers, DateTimeOffset? since, CancellationToken cancel) =>
        [.. await Counts(db, cancel), .. await People(db, cancel), .. await Credits(db, transfers.Coupons, since, cancel)];

    private static async Task<IEnumerable<Finding>> Counts(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Coupons.Select(c => new { c.Id, c.Code, c.Redeemed, c.LimitTotal, c.LimitEach, Rows = db.CouponRedemptions.Count(r => r.CouponId == c.Id) })
            .Where(c => c.Redeemed != c.Rows || c.Redeemed > c.LimitTotal || db.CouponRedemptions.Any(r => r.CouponId == c.Id && r.Number > c.LimitEach))
            .OrderBy(c => c.Code).ToListAsync(cancel);
        return wrong.Select(c => new Finding(
            "coupon.count", $"Coupons {c.Id}", $"{c.Code} says {c.Redeemed} redemptions, there are {c.Rows}; {c.LimitTotal} are allowed in all, {c.LimitEach} each"));
    }

    /// <summary>A person may redeem for several accounts, and no more often for that.</summary>
    private static async Task<IEnumerable<Finding>> People(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.CouponRedemptions.GroupBy(r => new { r.CouponId, r.PersonId, r.Coupon.Code, r.Coupon.LimitEach })
            .Where(g => g.Count() > g.Key.LimitEach).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel);
        return wrong.Select(w => new Finding(
            "coupon.person", $"Coupons {w.Key.CouponId}", $"{w.Key.Code} was redeemed {w.Count} times by person {w.Key.PersonId}; {w.Key.LimitEach} are allowed each"));
    }

    private static async Task<IEnumerable<Finding>> Credits(PortalDb db, List<TransferRow> grants, DateTimeOffset? since, CancellationToken cancel)
    {
        var promised = await db.CouponRedemptions.Where(r => r.Coupon.Kind == CouponKind.Credit)
            .Select(r => new { r.Id, r.AccountId, r.At, r.Coupon.AmountNanos }).ToDictionaryAsync(r => r.Id, cancel);
        var granted = grants.ToLookup(t => Guid.TryParse(t.Reference, out var id) && promised.ContainsKey(id) ? id : Guid.Empty);
        var findings = granted[Guid.Empty].Select(t => new Finding("coupon.unknown", $"Transfers {t.Id}", $"grants {t.Amount} nanos for '{t.Reference}', which is no redemption")).ToList();
        foreach (var redemption in promised.Values)
        {
            var own = granted[redemption.Id].ToList();
            var fits = redemption.At < since ? own.Count == 0 : own is [var one] && one.Amount == redemption.AmountNanos && one.WalletId == redemption.AccountId;
            if (!fits)
            {
                findings.Add(new Finding(
                    "coupon.credit", $"CouponRedemptions {redemption.Id}", $"promises {redemption.AmountNanos} nanos, {own.Count} transfers grant {own.Sum(t => (decimal)t.Amount)}"));
            }
        }

        return findings;
    }
}
