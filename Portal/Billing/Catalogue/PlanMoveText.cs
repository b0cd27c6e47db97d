namespace Portal.Billing.Catalogue;

/// <summary>Names the resources beside this file.</summary>
public sealed class PlanMoveText;
