namespace Portal.Data.Catalog;

/// <summary>An account's redemption of a coupon; unique by coupon, account and number.</summary>
public sealed class CouponRedemption
{
    /// <summary>The form's token: a second click is the same redemption.</summary>
    public Guid Id { get; set; }

    public Guid CouponId { get; set; }

    public Guid AccountId { get; set; }

    public Guid PersonId { get; set; }

    /// <summary>1 for the account's first redemption of the coupon.</summary>
    public int Number { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>When the credit or discount begins: now, or when the account's earlier discount of the same coupon ends.</summary>
    public DateTimeOffset From { get; set; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset Until { get; set; }

    public Coupon Coupon { get; set; } = null!;
}
