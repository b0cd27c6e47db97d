namespace Portal.Accounts.SignIn;

/// <summary>Names the resources beside this file.</summary>
public sealed class IdentityText;
