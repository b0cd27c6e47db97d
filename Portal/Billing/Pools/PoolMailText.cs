namespace Portal.Billing.Pools;

/// <summary>Names the resources beside this file.</summary>
public sealed class PoolMailText;
