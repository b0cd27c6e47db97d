namespace Portal.Components.Pages.Playground;

/// <summary>Names the resources beside this file.</summary>
public sealed class PlaygroundText;
