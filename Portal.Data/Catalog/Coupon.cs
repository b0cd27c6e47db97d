namespace Portal.Data.Catalog;

public enum CouponKind
{
    /// <summary>Grants credit.</summary>
    Credit = 0,

    /// <summary>Makes everything cheaper by a share.</summary>
    Percent = 1,
}

/// <summary>A code that gives credit or a discount to whoever redeems it. Its terms never change; ending it keeps what was redeemed.</summary>
public sealed class Coupon
{
    /// <summary>The form's token: a second click is the same coupon.</summary>
    public Guid Id { get; set; }

    /// <summary>As <c>Portal.Catalog.CouponCode</c> reads it; unique.</summary>
    public required string Code { get; set; }

    public CouponKind Kind { get; set; }

    /// <summary>Of credit: nanos that a redemption grants.</summary>
    public long AmountNanos { get; set; }

    /// <summary>Of a discount: 1 to 99.</summary>
    public int PercentOff { get; set; }

    /// <summary>How long the credit or the discount lasts, from its redemption on.</summary>
    public int Days { get; set; }

    /// <summary>Never multiplied with another coupon.</summary>
    public bool Exclusive { get; set; }

    /// <summary>Times that one account, and one person, may redeem it.</summary>
    public int LimitEach { get; set; } = 1;

    /// <summary>Times that all together may; null: no limit.</summary>
    public int? LimitTotal { get; set; }

    /// <summary>Times that it was redeemed: moved only by an update that checks the limit.</summary>
    public int Redeemed { get; set; }

    public DateTimeOffset ValidFrom { get; set; }

    /// <summary>Exclusive; null: until it is ended.</summary>
    public DateTimeOffset? ValidUntil { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public Guid CreatedBy { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
}
