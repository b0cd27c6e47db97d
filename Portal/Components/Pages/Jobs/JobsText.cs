namespace Portal.Components.Pages.Jobs;

/// <summary>Names the resources beside this file.</summary>
public sealed class JobsText;
