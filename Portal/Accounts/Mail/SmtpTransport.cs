using System.Net;
using System.Net.Mail;
using Microsoft.Extensions.Options;

namespace Portal.Accounts.Mail;

/// <summary>Sends through the configured SMTP server, one connection a letter.</summary>
public sealed class SmtpTransport(IOptions<MailOptions> options) : IMailTransport
{
    public async Task Send(Letter letter, CancellationToken cancel = default)
    {
        var settings = options.Value;
        using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.UseTls };
        if (settings.UserName is not null) client.Credentials = new NetworkCredential(settings.UserName, settings.Password);
        using var message = new MailMessage(settings.From, letter.To, letter.Subject, letter.Html) { IsBodyHtml = true };
        try
        {
            await client.SendMailAsync(message, cancel);
        }
        catch (SmtpException cause)
        {
            throw new MailNotSentException($"The mail server {settings.Host}:{settings.Port} did not take the letter.", cause);
        }
    }
}
