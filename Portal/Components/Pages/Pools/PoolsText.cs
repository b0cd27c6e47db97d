namespace Portal.Components.Pages.Pools;

/// <summary>Names the resources beside this file.</summary>
public sealed class PoolsText;
