namespace Portal.Billing.Coupons;

/// <summary>What a redeemed coupon does at this moment.</summary>
public enum RedeemedCouponState
{
    /// <summary>It is credit that can be spent, or a discount that makes the prices.</summary>
    Active = 0,

    /// <summary>A discount that begins when an earlier one of the same code ends.</summary>
    Waiting = 1,

    /// <summary>A discount that other coupons of the account are cheaper than.</summary>
    Beaten = 2,

    /// <summary>Credit that is spent.</summary>
    Spent = 3,
}
