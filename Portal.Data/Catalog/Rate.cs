namespace Portal.Data.Catalog;

/// <summary>The price of one unit of a meter: <c>tokens.input</c>, <c>tokens.output</c> or <c>images</c>.</summary>
public sealed class Rate
{
    public int Id { get; set; }

    public int RateCardId { get; set; }

    /// <summary>A model's id, or <c>*</c> for every model without a rate of its own.</summary>
    public required string Model { get; set; }

    public required string Meter { get; set; }

    /// <summary>Exact yuan a token, or a standard image.</summary>
    public decimal PerUnit { get; set; }

    /// <summary>Pixels of a standard image; 0 for tokens.</summary>
    public long BasePixels { get; set; }

    /// <summary>Steps of a standard image; 0 for tokens.</summary>
    public int BaseSteps { get; set; }

    /// <summary>Graduated over the calendar month, in ascending order; empty: one tier of factor 1.</summary>
    public List<RateTier> Tiers { get; set; } = [];
}

/// <summary>Units from (inclusive) to the next tier's from cost the rate times the factor.</summary>
public sealed class RateTier
{
    public long From { get; set; }

    public decimal Factor { get; set; }
}
