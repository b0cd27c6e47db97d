namespace Portal.Components.Layout;

/// <summary>Names the resources beside this file.</summary>
public sealed class RadzenText;
