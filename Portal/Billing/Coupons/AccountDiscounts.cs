using Microsoft.EntityFrameworkCore;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Billing.Coupons;

/// <summary>The factors that an account's redeemed coupons give to its prices: those of prompts and those of plans.</summary>
public static class AccountDiscounts
{
    public static async Task<IReadOnlyList<NamedFactor>> FactorsAt(PortalDb db, Guid accountId, DateTimeOffset at, CancellationToken cancel)
    {
        var running = await db.CouponRedemptions.AsNoTracking()
            .Where(r => r.AccountId == accountId && r.From <= at && r.Until > at && r.Coupon.Kind == CouponKind.Percent)
            .Select(r => new { r.Coupon.Code, r.Coupon.PercentOff, r.Coupon.Exclusive }).ToListAsync(cancel);
        return CouponFactors.Choose(running.Select(r => new Discount(r.Code, r.PercentOff, r.Exclusive)));
    }
}
