namespace Portal.Components.Pages.Account;

/// <summary>Names the resources beside this file.</summary>
public sealed class AccountText;
