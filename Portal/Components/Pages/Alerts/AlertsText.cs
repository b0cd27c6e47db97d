namespace Portal.Components.Pages.Alerts;

/// <summary>Names the resources beside this file.</summary>
public sealed class AlertsText;
