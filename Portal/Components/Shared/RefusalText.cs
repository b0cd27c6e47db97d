namespace Portal.Components.Shared;

/// <summary>Names the resources beside this file.</summary>
public sealed class RefusalText;
