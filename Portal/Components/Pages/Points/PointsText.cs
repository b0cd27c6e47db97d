namespace Portal.Components.Pages.Points;

/// <summary>Names the resources beside this file.</summary>
public sealed class PointsText;
