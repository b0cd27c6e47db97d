namespace Portal.Components.Pages.Overview;

/// <summary>Names the resources beside this file.</summary>
public sealed class OverviewText;
