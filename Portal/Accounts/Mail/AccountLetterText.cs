namespace Portal.Accounts.Mail;

/// <summary>Names the resources beside this file.</summary>
public sealed class AccountLetterText;
