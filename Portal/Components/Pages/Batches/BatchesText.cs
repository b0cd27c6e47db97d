namespace Portal.Components.Pages.Batches;

/// <summary>Names the resources beside this file.</summary>
public sealed class BatchesText;
