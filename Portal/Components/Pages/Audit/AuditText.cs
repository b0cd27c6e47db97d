namespace Portal.Components.Pages.Audit;

/// <summary>Names the resources beside this file.</summary>
public sealed class AuditText;
