using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Billing.Coupons;

/// <summary>The terms of a coupon that is to be made.</summary>
/// <param name="Id">The form's token.</param>
/// <param name="Amount">Of credit; whole minor units.</param>
/// <param name="PercentOff">Of a discount: 1 to 99.</param>
/// <param name="Days">That the credit or discount lasts.</param>
/// <param name="LimitEach">Redemptions of one person.</param>
/// <param name="LimitTotal">Of all together; null: no limit.</param>
/// <param name="FirstDay">In the maker's time zone.</param>
/// <param name="LastDay">Inclusive; null: until it is ended.</param>
public sealed record NewCoupon(
    Guid Id, string Code, CouponKind Kind, Money Amount, int PercentOff, int Days, bool Exclusive, int LimitEach, int? LimitTotal, DateOnly FirstDay, DateOnly? LastDay);
