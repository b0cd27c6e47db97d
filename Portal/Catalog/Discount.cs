namespace Portal.Catalog;

/// <summary>What a coupon takes off an account's prices.</summary>
/// <param name="PercentOff">1 to 99.</param>
/// <param name="Exclusive">Never multiplied with another.</param>
public readonly record struct Discount(string Code, int PercentOff, bool Exclusive)
{
    public decimal Multiplier => 1m - (PercentOff / 100m);
}
