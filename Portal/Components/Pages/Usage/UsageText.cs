namespace Portal.Components.Pages.Usage;

/// <summary>Names the resources beside this file.</summary>
public sealed class UsageText;
