using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Jobs;

namespace Portal.Accounts.Mail;

/// <summary>
/// Sends the mails that were decided in transactions. At least once: a mail whose sender dies is sent again. Two senders at once share the work.
/// </summary>
public sealed partial class OutboxSender(IDbContextFactory<PortalDb> databases, IMailTransport transport, TimeProvider clock, ILogger<OutboxSender> logger)
{
    private const int BatchMax = 200;
    private static readonly TimeSpan RetryMax = TimeSpan.FromHours(1);

    /// <summary>How long a mail is its sender's alone.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <returns>How many were sent.</returns>
    public async Task<int> Send(CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var due = await db.OutboxMails.AsNoTracking().Where(m => m.SentAt == null && m.Attempts < OutboxMail.AttemptsMax && m.NextAttemptAt <= now).OrderBy(m => m.NextAttemptAt).Take(BatchMax).ToListAsync(cancel);
        var sent = 0;
        foreach (var mail in due)
        {
            sent += await Take(db, mail, cancel) && await Send(db, mail, cancel) ? 1 : 0;
        }

        return sent;
    }

    /// <returns>False when another sender has it.</returns>
    private async Task<bool> Take(PortalDb db, OutboxMail mail, CancellationToken cancel)
    {
        var until = clock.GetUtcNow() + Lease;
        var taken = await db.OutboxMails.Where(m => m.Id == mail.Id && m.SentAt == null && m.Attempts == mail.Attempts)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Attempts, mail.Attempts + 1).SetProperty(m => m.NextAttemptAt, until), cancel);
        return taken == 1;
    }

    /// <summary>What was sent is remembered at once, even if the next mail ends the process.</summary>
    private async Task<bool> Send(PortalDb db, OutboxMail mail, CancellationToken cancel)
    {
        var row = db.OutboxMails.Where(m => m.Id == mail.Id);
        try
        {
            await transport.Send(new Letter(mail.To, mail.Subject, mail.Html), cancel);
            var now = clock.GetUtcNow();
            await row.ExecuteUpdateAsync(set => set.SetProperty(m => m.SentAt, now), CancellationToken.None);
            return true;
        }
        catch (MailNotSentException problem)
        {
            var attempt = mail.Attempts + 1;
            var next = clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(RetryMax.TotalSeconds, 15 * Math.Pow(2, attempt)));
            await row.ExecuteUpdateAsync(set => set.SetProperty(m => m.NextAttemptAt, next), CancellationToken.None);
            Log.NotSent(logger, mail.Id, attempt, problem);
            if (attempt >= OutboxMail.AttemptsMax) Log.GivenUp(logger, mail.Id);
            return false;
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
