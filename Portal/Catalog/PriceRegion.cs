namespace Portal.Catalog;

/// <summary>Where this portal's models run, as in the rate card's region factors; for the prices that are shown before anything is asked.</summary>
/// <param name="Name">Null: no region's price.</param>
public sealed record PriceRegion(string? Name);
