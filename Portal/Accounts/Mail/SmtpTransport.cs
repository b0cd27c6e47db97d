using System.Net;
using System.Net.Mail;
using Microsoft.Extensions.Options;

namespace Portal.Accounts.Mail;

/// <summary>Sends through the configured SMTP server, one connection a letter.</summary>
public sealed class SmtpTransport(IOptions<MailOptions> options, TimeProvider clock) : IMailTransport
{
    // The client waits for ever for a server that says nothing, and every other letter waits behind this one.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public async Task Send(Letter letter, CancellationToken cancel = default)
    {
        var settings = options.Value;
        using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.UseTls };
        if (settings.UserName is not null) client.Credentials = new NetworkCredential(settings.UserName, settings.Password);
        using var message = new MailMessage(settings.From, letter.To, letter.Subject, letter.Html) { IsBodyHtml = true };
        using var late = new CancellationTokenSource(Patience, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            await client.SendMailAsync(message, end.Token);
        }
        catch (Exception cause) when (cause is SmtpException || (cause is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new MailNotSentException($"The mail server {settings.Host}:{settings.Port} did not take the letter.", cause);
        }
    }
}
