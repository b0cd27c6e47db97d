using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Jobs;

namespace Portal.Accounts.Mail;

/// <summary>
/// The letters about signing in. They are queued and not waited for: how long an answer takes tells nobody that a mail server was asked, and so that
/// the address has an account.
/// </summary>
public sealed partial class AccountLetters(
    IDbContextFactory<PortalDb> databases, Letters letters, OutboxSender outbox, IOptions<MailOptions> options, TimeProvider clock,
    IStringLocalizer<AccountLetterText> text, ILogger<AccountLetters> logger)
{
    /// <summary>
    /// Of one kind to one address: anybody can ask for them. More are not written, and whoever asks is told the same. Each kind has its own, or a stranger
    /// who registers an address again and again would keep the letter with a new password from its owner.
    /// </summary>
    public const int PerHourMax = 5;

    private const string KeyPrefix = "account:";

    /// <summary>Somebody registered with an address that is not confirmed yet.</summary>
    public Task ChoosePassword(Person person, Uri link, CancellationToken cancel = default) => Queue(person, "Choose", link, cancel);

    public Task ResetPassword(Person person, Uri link, CancellationToken cancel = default) => Queue(person, "Reset", link, cancel);

    /// <summary>Somebody registered with an address that has an account: only its owner learns that.</summary>
    public Task AlreadyRegistered(Person person, Uri link, CancellationToken cancel = default) => Queue(person, "Already", link, cancel);

    /// <summary>To the address that a person wants to have; in small letters, because it is one mailbox however somebody writes it.</summary>
    public Task ConfirmAddress(Person person, string address, Uri link, CancellationToken cancel = default) => Queue(person, "Address", link, cancel, address.ToLowerInvariant());

    /// <summary>Somebody wants an address that is another's: only its owner learns that.</summary>
    public Task AddressTaken(Person owner, Uri link, CancellationToken cancel = default) => Queue(owner, "Taken", link, cancel);

    /// <summary>To the address that a person has until now; the caller saves it with the change.</summary>
    public OutboxMail AddressChanged(Person person, string address)
    {
        var now = clock.GetUtcNow();
        return letters.Write(person, $"{KeyPrefix}Moved:{Guid.CreateVersion7(now):N}", now, () => new LetterWords(
            text["MovedSubject"], [text["MovedText", address]], Closing: text["MovedIgnore"]));
    }

    /// <param name="to">Null: the person's own.</param>
    private async Task Queue(Person person, string kind, Uri link, CancellationToken cancel, string? to = null)
    {
        to ??= person.Email!;
        await using (var db = databases.CreateDbContext())
        {
            var now = clock.GetUtcNow();
            var (since, prefix) = (now - TimeSpan.FromHours(1), $"{KeyPrefix}{kind}:");
            if (await db.OutboxMails.CountAsync(m => m.To == to && m.CreatedAt > since && m.DedupKey.StartsWith(prefix), cancel) >= PerHourMax)
            {
                Log.TooMany(logger, person.Id);
                return;
            }

            var letter = letters.Write(person, $"{prefix}{Guid.CreateVersion7(now):N}", now, () => new LetterWords(
                text[$"{kind}Subject"], [text[$"{kind}Text"]], (text[$"{kind}Button"], link), text[$"{kind}Ignore"]));
            letter.To = to;
            db.OutboxMails.Add(letter);
            await db.SaveChangesAsync(cancel);
        }

        // A folder keeps nobody waiting, and whoever tries the portal looks for the letter at once.
        if (options.Value.Delivery == MailDelivery.Pickup)
        {
            await outbox.Send(cancel);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Person {PersonId} is sent no more letters about signing in this hour")]
        public static partial void TooMany(ILogger logger, Guid personId);
    }
}
