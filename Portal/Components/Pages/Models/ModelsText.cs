namespace Portal.Components.Pages.Models;

/// <summary>Names the resources beside this file.</summary>
public sealed class ModelsText;
