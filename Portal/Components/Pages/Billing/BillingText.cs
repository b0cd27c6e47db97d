namespace Portal.Components.Pages.Billing;

/// <summary>Names the words of the billing page.</summary>
public sealed class BillingText;
