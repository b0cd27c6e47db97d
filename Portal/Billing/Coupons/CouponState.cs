namespace Portal.Billing.Coupons;

/// <summary>Whether a coupon can be redeemed.</summary>
public enum CouponState
{
    Open = 0,

    /// <summary>Its first day has not come.</summary>
    Waiting = 1,
    UsedUp = 2,

    /// <summary>Ended, or past its last day.</summary>
    Over = 3,
}
