namespace Portal.Components.Pages.ApiKeys;

/// <summary>Names the resources beside this file.</summary>
public sealed class ApiKeysText;
