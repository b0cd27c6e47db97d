namespace Portal.Components.Pages.Plans.Costs;

/// <summary>Names the resources beside this file.</summary>
public sealed class CostsText;
