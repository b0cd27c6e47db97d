namespace Portal.Billing.Subscriptions.Mail;

/// <summary>Names the resources beside this file.</summary>
public sealed class PlanMailText;
