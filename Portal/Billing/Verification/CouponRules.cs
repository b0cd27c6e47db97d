using Microsoft.EntityFrameworkCore;
using Portal.Billing.Coupons;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Billing.Verification;

/// <summary>Coupons were redeemed as often as they say and no more than they may be, and each credit that was promised was granted once.</summary>
internal static class CouponRules
{
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, CancellationToken cancel) => [.. await Counts(db, cancel), .. await Credits(db, cancel)];

    private static async Task<IEnumerable<Finding>> Counts(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Coupons.Select(c => new { c.Id, c.Code, c.Redeemed, c.LimitTotal, c.LimitEach, Rows = db.CouponRedemptions.Count(r => r.CouponId == c.Id) })
            .Where(c => c.Redeemed != c.Rows || c.Redeemed > c.LimitTotal || db.CouponRedemptions.Any(r => r.CouponId == c.Id && r.Number > c.LimitEach))
            .OrderBy(c => c.Code).ToListAsync(cancel);
        return wrong.Select(c => new Finding(
            "coupon.count", $"Coupons {c.Id}", $"{c.Code} says {c.Redeemed} redemptions, there are {c.Rows}; {c.LimitTotal} are allowed in all, {c.LimitEach} each"));
    }

    private static async Task<IEnumerable<Finding>> Credits(PortalDb db, CancellationToken cancel)
    {
        var promised = await db.CouponRedemptions.Where(r => r.Coupon.Kind == CouponKind.Credit)
            .Select(r => new { r.Id, r.AccountId, r.Coupon.AmountNanos }).ToDictionaryAsync(r => r.Id, cancel);
        var grants = await db.Transfers.Where(t => t.Code == CouponRedeemer.Code).Select(t => new { t.Id, t.WalletId, t.Amount, t.Reference }).ToListAsync(cancel);
        var granted = grants.ToLookup(t => Guid.TryParse(t.Reference, out var id) && promised.ContainsKey(id) ? id : Guid.Empty);
        return
        [
            .. granted[Guid.Empty].Select(t => new Finding("coupon.unknown", $"Transfers {t.Id}", $"grants {t.Amount} nanos for '{t.Reference}', which is no redemption")),
            .. promised.Values.Where(r => granted[r.Id].ToList() is not [var one] || one.Amount != r.AmountNanos || one.WalletId != r.AccountId)
                .Select(r => new Finding("coupon.credit", $"CouponRedemptions {r.Id}", $"promises {r.AmountNanos} nanos, {granted[r.Id].Count()} transfers grant {granted[r.Id].Sum(t => (decimal)t.Amount)}")),
        ];
    }
}
