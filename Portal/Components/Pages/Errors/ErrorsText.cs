namespace Portal.Components.Pages.Errors;

/// <summary>Names the resources beside this file.</summary>
public sealed class ErrorsText;
