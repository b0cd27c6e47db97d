namespace Portal.Data.Catalog;

/// <summary>A named multiplier of the price and when it applies.</summary>
public sealed class Factor
{
    public int Id { get; set; }

    public int RateCardId { get; set; }

    /// <summary>As in the catalogue: <c>prepaid</c>, <c>education</c>, <c>region:eu-central</c> …</summary>
    public required string Name { get; set; }

    /// <summary>A condition key that <c>Portal.Catalog.FactorConditions</c> decides.</summary>
    public required string Condition { get; set; }

    public decimal Multiplier { get; set; }

    public int Order { get; set; }
}
