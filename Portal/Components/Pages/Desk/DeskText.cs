namespace Portal.Components.Pages.Desk;

/// <summary>Names the resources beside this file.</summary>
public sealed class DeskText;
