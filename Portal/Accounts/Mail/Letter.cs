namespace Portal.Accounts.Mail;

/// <summary>One mail to one person.</summary>
/// <param name="Html">The whole body; every value in it is already encoded.</param>
public sealed record Letter(string To, string Subject, string Html);
