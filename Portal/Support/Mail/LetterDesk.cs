using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Accounts.Members;
using Portal.Accounts.SignIn;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Jobs;
using Portal.Data.Support;

namespace Portal.Support.Mail;

/// <summary>
/// Which letters somebody was sent, and one of them once more. A letter that leads in with a link of its own is never sent again as it was: whoever asks
/// for it gets a new one with a new link, if they may have one now.
/// </summary>
public sealed class LetterDesk(IDbContextFactory<PortalDb> databases, PasswordDesk passwords, Registration registration, TimeProvider clock)
{
    /// <summary>Letters that the staff may send again to one person.</summary>
    public const int PerHourMax = 10;

    private const int Most = 50;
    private const int TriesMax = 10;
    private const string AccountPrefix = "account:";
    private const string InvitationPrefix = "invitation:";
    private const string AgainPrefix = "again:";
    private const string Action = "letter.resent";

    public async Task<Outcome<PersonLetters>> List(Caller caller, Guid personId, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Serve) is { } no) return no;
        await using var db = databases.CreateDbContext();
        if (await db.Users.AsNoTracking().FirstOrDefaultAsync(p => p.Id == personId, cancel) is not { Email: { } email } person)
        {
            return Refusal.NotFound;
        }

        var letters = await db.OutboxMails.AsNoTracking().Where(m => m.To == email).OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id).Take(Most)
            .Select(m => new { m.Id, m.Subject, m.CreatedAt, m.SentAt, m.Attempts, m.DedupKey }).ToListAsync(cancel);
        return new PersonLetters(personId, email, person.DisplayName, letters.ConvertAll(m => new SentLetter(m.Id, m.Subject, m.CreatedAt, m.SentAt, StateOf(m.SentAt, m.Attempts), IsSecret(m.DedupKey))));
    }

    /// <param name="requestBase">The portal's address as the caller sees it.</param>
    /// <param name="formKey">The button's token: pressed twice, one letter is sent.</param>
    public async Task<Outcome<Done>> SendAgain(Caller caller, Guid personId, Guid letterId, string requestBase, Guid formKey, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Serve) is { } no) return no;

        for (var tries = 1; ; tries++)
        {
            try
            {
                return await SendOnce(caller, personId, letterId, requestBase, formKey, cancel);
            }
            catch (DbUpdateException) when (tries < TriesMax)
            {
                // Another letter to the same person went out at the same instant: what it wrote is there now.
            }
        }
    }

    private async Task<Outcome<Done>> SendOnce(Caller caller, Guid personId, Guid letterId, string requestBase, Guid formKey, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var since = now.AddHours(-1);
        await using var db = databases.CreateDbContext();
        var person = await db.Users.FirstOrDefaultAsync(p => p.Id == personId, cancel);
        if (person is null || await db.OutboxMails.AsNoTracking().FirstOrDefaultAsync(m => m.Id == letterId && m.To == person.Email, cancel) is not { } letter)
        {
            return Refusal.NotFound;
        }

        var subject = $"{AgainPrefix}{formKey:N}";
        if (await db.AuditEntries.AnyAsync(a => a.Action == Action && a.Subject == subject && a.At > since, cancel))
        {
            return default(Done);
        }

        if (StateOf(letter.SentAt, letter.Attempts) == LetterState.Waiting)
        {
            return new Refusal("letter.waiting");
        }

        if (letter.DedupKey.StartsWith(InvitationPrefix, StringComparison.Ordinal))
        {
            return new Refusal("letter.invitation");
        }

        if (await db.AuditEntries.CountAsync(a => a.Action == Action && a.Detail.StartsWith(person.Email! + ":") && a.At > since, cancel) >= PerHourMax)
        {
            return new Refusal("letter.many", $"{PerHourMax}");
        }

        if (!IsSecret(letter.DedupKey))
        {
            db.OutboxMails.Add(new OutboxMail
            {
                Id = Guid.CreateVersion7(now), DedupKey = subject, To = letter.To, Subject = letter.Subject, Html = letter.Html, CreatedAt = now, NextAttemptAt = now,
            });
        }

        db.AuditEntries.Add(new AuditEntry
        {
            At = now, PersonId = caller.PersonId, Action = Action, Subject = subject, Detail = $"{person.Email}: {letter.Subject}",
            AccountId = await FirstAccount.Of(db, personId, cancel),
        });

        // Of several at once one is saved; a letter with a new link has no row of its own here that could tell.
        person.ConcurrencyStamp = $"{Guid.NewGuid()}";
        await db.SaveChangesAsync(cancel);
        if (IsSecret(letter.DedupKey))
        {
            await WriteAnew(person, requestBase, cancel);
        }

        return default(Done);
    }

    /// <summary>What they need now: proof of the address, or else a new password.</summary>
    private Task WriteAnew(Person person, string requestBase, CancellationToken cancel) =>
        person.EmailConfirmed ? passwords.Forgotten(person.Email!, requestBase, cancel) : registration.Resend(person.Email!, requestBase, cancel);

    private static bool IsSecret(string key) => key.StartsWith(AccountPrefix, StringComparison.Ordinal) || key.StartsWith(InvitationPrefix, StringComparison.Ordinal);

    private static LetterState StateOf(DateTimeOffset? sentAt, int attempts) =>
        sentAt is not null ? LetterState.Sent : attempts >= OutboxMail.AttemptsMax ? LetterState.GivenUp : LetterState.Waiting;
}
