namespace Portal.Accounts.Mail;

/// <summary>Hands a letter over to the world: an SMTP server, or a folder of files.</summary>
public interface IMailTransport
{
    /// <exception cref="MailNotSentException">The letter was not accepted; it may be tried again.</exception>
    Task Send(Letter letter, CancellationToken cancel = default);
}
