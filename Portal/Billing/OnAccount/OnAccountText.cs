namespace Portal.Billing.OnAccount;

/// <summary>Names the resources beside this file.</summary>
public sealed class OnAccountText;
