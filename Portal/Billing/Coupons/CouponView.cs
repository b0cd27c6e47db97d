using Portal.Data.Catalog;

namespace Portal.Billing.Coupons;

/// <summary>A coupon as administrators see it.</summary>
/// <param name="MadeBy">An e-mail address.</param>
/// <param name="State">At the moment of reading.</param>
public sealed record CouponView(Coupon Coupon, string MadeBy, CouponState State);
