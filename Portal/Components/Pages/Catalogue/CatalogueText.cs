namespace Portal.Components.Pages.Catalogue;

/// <summary>Names the resources beside this file.</summary>
public sealed class CatalogueText;
