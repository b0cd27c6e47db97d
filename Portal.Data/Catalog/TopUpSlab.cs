namespace Portal.Data.Catalog;

/// <summary>From this much on, a top-up is given so much more.</summary>
public sealed class TopUpSlab
{
    /// <summary>The least amount in yuan, inclusive.</summary>
    public decimal From { get; set; }

    /// <summary>Of the amount, above 0 and at most 100.</summary>
    public decimal Percent { get; set; }
}
