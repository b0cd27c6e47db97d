namespace Portal.Catalog;

/// <summary>The catalogue file says other prices than the rate card of its version that is published; the message is for the operator.</summary>
public sealed class CatalogFileException(int version) : Exception(
    $"catalog.json changes the prices of rate card version {version}, which is published and never changes. "
    + "Give the file the next 'version' and the 'effectiveFrom' from which its prices shall count, then start again.");
