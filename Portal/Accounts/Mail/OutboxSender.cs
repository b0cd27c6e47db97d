using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Jobs;

namespace Portal.Accounts.Mail;

/// <summary>Sends the mails that were decided in transactions. At least once: a node that dies after sending sends again.</summary>
public sealed partial class OutboxSender(IDbContextFactory<PortalDb> databases, IMailTransport transport, TimeProvider clock, ILogger<OutboxSender> logger)
{
    private const int BatchMax = 200;
    private static readonly TimeSpan RetryMax = TimeSpan.FromHours(1);

    /// <returns>How many were sent.</returns>
    public async Task<int> Send(CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var due = await db.OutboxMails.Where(m => m.SentAt == null && m.Attempts < OutboxMail.AttemptsMax && m.NextAttemptAt <= now).OrderBy(m => m.NextAttemptAt).Take(BatchMax).ToListAsync(cancel);
        foreach (var mail in due)
        {
            await Send(mail, cancel);

            // One by one: what was sent is remembered even if the next one ends the process.
            await db.SaveChangesAsync(CancellationToken.None);
        }

        return due.Count(m => m.SentAt is not null);
    }

    private async Task Send(OutboxMail mail, CancellationToken cancel)
    {
        mail.Attempts++;
        try
        {
            await transport.Send(new Letter(mail.To, mail.Subject, mail.Html), cancel);
            mail.SentAt = clock.GetUtcNow();
        }
        catch (MailNotSentException problem)
        {
            var wait = TimeSpan.FromSeconds(Math.Min(RetryMax.TotalSeconds, 15 * Math.Pow(2, mail.Attempts)));
            mail.NextAttemptAt = clock.GetUtcNow() + wait;
            Log.NotSent(logger, mail.Id, mail.Attempts, problem);
            if (mail.Attempts >= OutboxMail.AttemptsMax) Log.GivenUp(logger, mail.Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Mail {Mail} was not sent (attempt {Attempt})")]
        public static partial void NotSent(ILogger logger, Guid mail, int attempt, Exception problem);

        [LoggerMessage(LogLevel.Error, "Mail {Mail} is given up")]
        public static partial void GivenUp(ILogger logger, Guid mail);
    }
}
