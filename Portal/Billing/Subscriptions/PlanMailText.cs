namespace Portal.Billing.Subscriptions;

/// <summary>Names the resources beside this file.</summary>
public sealed class PlanMailText;
