namespace Portal.Components.Pages.Support;

/// <summary>Names the resources beside this file.</summary>
public sealed class SupportText;
