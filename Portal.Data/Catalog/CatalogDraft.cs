namespace Portal.Data.Catalog;

public enum DraftKind
{
    Plan = 0,

    /// <summary>Rates, factors and tax.</summary>
    Prices = 1,
}

/// <summary>
/// What an administrator has written and not published: a document of its own, so that nobody is ever sold a half-finished price and nothing
/// published has a state in which it may change. One at a time for each plan, and one for the prices.
/// </summary>
public sealed class CatalogDraft
{
    /// <summary>The key of the one draft of the prices: no plan's key can be the same, because it has a colon.</summary>
    public const string PricesKey = ":prices";

    public int Id { get; set; }

    public DraftKind Kind { get; set; }

    /// <summary>The plan's, or <see cref="PricesKey"/>; unique.</summary>
    public required string Key { get; set; }

    /// <summary>The newest version when it was begun; 0: there was none. A draft of an older one is stale.</summary>
    public int BaseVersion { get; set; }

    /// <summary>As in the catalogue's file.</summary>
    public required string Content { get; set; }

    /// <summary>Grows with every save: who saw an older one is told.</summary>
    public int Revision { get; set; }

    public Guid EditedBy { get; set; }

    public DateTimeOffset EditedAt { get; set; }
}
