namespace Portal.Payments.Disputes;

/// <summary>Names the resources beside this file.</summary>
public sealed class DisputeMailText;
