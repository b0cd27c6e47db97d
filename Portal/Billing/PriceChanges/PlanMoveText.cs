namespace Portal.Billing.PriceChanges;

/// <summary>Names the resources beside this file.</summary>
public sealed class PlanMoveText;
