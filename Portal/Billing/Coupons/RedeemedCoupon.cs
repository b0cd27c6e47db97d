using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Billing.Coupons;

/// <summary>A coupon that an account has redeemed and still has something of.</summary>
/// <param name="Amount">Of credit: what was granted.</param>
/// <param name="Left">Of credit: what is unspent.</param>
/// <param name="PercentOff">Of a discount.</param>
/// <param name="Until">When the credit expires, or the discount ends; exclusive.</param>
public sealed record RedeemedCoupon(
    Guid Id, string Code, CouponKind Kind, Money Amount, Money Left, int PercentOff, bool Exclusive, DateTimeOffset From, DateTimeOffset Until,
    RedeemedCouponState State);
