namespace Portal.Catalog.Editing;

/// <summary>One thing that the catalogue says.</summary>
/// <param name="Group">The rate or the factor that it is about; empty of a plan and of all prices.</param>
/// <param name="Name">As in the file, e.g. <c>perUnit</c>.</param>
/// <param name="Value">Plain text, the same in every language; empty: nothing is set.</param>
public sealed record CatalogField(string Group, string Name, string Value);
