namespace Portal.Accounts.Mail;

/// <summary>The mail server or the pickup folder did not take a letter.</summary>
public sealed class MailNotSentException(string message, Exception cause) : Exception(message, cause);
