namespace Portal.Components.Pages.ApiDocs;

/// <summary>Names the resources beside this file.</summary>
public sealed class ApiDocsText;
