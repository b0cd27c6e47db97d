namespace Portal.Usage.Alerts;

/// <summary>Names the resources beside this file: the letters.</summary>
public sealed class AlertText;
