namespace Portal.Data.Catalog;

/// <summary>A version of the pay-per-use prices, in force from a date until the next one. Never changed once in force.</summary>
public sealed class RateCard
{
    public int Id { get; set; }

    public int Version { get; set; }

    public DateTimeOffset EffectiveFrom { get; set; }

    /// <summary>The tax in the prices of plans, in per cent of the net amount.</summary>
    public decimal TaxPercent { get; set; }

    /// <summary>The version of the catalogue's file that it came from; null: an administrator published it.</summary>
    public int? FileVersion { get; set; }

    /// <summary>Taken back before it came into force; it never will.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }

    public List<Rate> Rates { get; set; } = [];

    public List<Factor> Factors { get; set; } = [];

    /// <summary>What top-ups are given on top, in ascending order; empty: nothing.</summary>
    public List<TopUpSlab> TopUpBonus { get; set; } = [];
}
