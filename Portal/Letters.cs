using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Jobs;

namespace Portal;

/// <summary>
/// Writes every letter of the portal, in its reader's language, into the outbox: the caller saves it with what it tells of, and the outbox sends it.
/// It lies above the features, because plans, alerts and accounts all write.
/// </summary>
public sealed class Letters(IStringLocalizer<LetterText> text)
{
    /// <param name="key">Why, and for which window: a key is queued once.</param>
    /// <param name="words">Called in the reader's language.</param>
    public OutboxMail Write(Person to, string key, DateTimeOffset now, Func<LetterWords> words)
    {
        var (before, beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        var culture = CultureInfo.GetCultureInfo(to.Culture);
        try
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
            var said = words();
            var greeting = to.DisplayName.Length == 0 ? text["Greeting"] : text["GreetingName", to.DisplayName];
            return new OutboxMail
            {
                Id = Guid.CreateVersion7(now), DedupKey = key, To = to.Email!, Subject = said.Subject, Html = LetterPage.Write(greeting, said, culture),
                CreatedAt = now, NextAttemptAt = now,
            };
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeUi);
        }
    }

    /// <summary>A day as letters write it: in the reader's language, so asked for among the words, and by the clock of the account.</summary>
    /// <param name="zone">Of the account.</param>
    public string Day(DateTimeOffset at, string zone) => LocalDays.DayOf(at, LocalDays.Zone(zone)).ToString(text["Day"], CultureInfo.CurrentCulture);

    /// <summary>
    /// Adds a letter to everyone who manages the account's billing, unless they have it already; the caller saves. Whoever was invited to and has not come
    /// may be anybody: the address was only typed.
    /// </summary>
    /// <param name="key">As in <see cref="Write"/>, to which each reader is added.</param>
    public async Task ToBilling(PortalDb db, Guid accountId, string key, DateTimeOffset now, Func<LetterWords> words, CancellationToken cancel)
    {
        var people = await db.Memberships.AsNoTracking()
            .Where(m => m.AccountId == accountId && m.RemovedAt == null && m.AcceptedAt >= m.CreatedAt && m.Role != MemberRole.Member && m.Person.Email != null)
            .Select(m => m.Person).ToListAsync(cancel);
        await ToAll(db, people, key, now, words, cancel);
    }

    /// <summary>As <see cref="ToBilling"/>, to everyone of the staff who can sign in.</summary>
    public async Task ToStaff(PortalDb db, string key, DateTimeOffset now, Func<LetterWords> words, CancellationToken cancel)
    {
        var people = await db.Users.AsNoTracking()
            .Where(p => p.Email != null && (p.LockoutEnd == null || p.LockoutEnd < StaffLock.End) && db.UserRoles.Any(r => r.UserId == p.Id)).ToListAsync(cancel);
        await ToAll(db, people, key, now, words, cancel);
    }

    private async Task ToAll(PortalDb db, List<Person> people, string key, DateTimeOffset now, Func<LetterWords> words, CancellationToken cancel)
    {
        var keys = people.ConvertAll(person => KeyOf(person));
        var told = await db.OutboxMails.Where(m => keys.Contains(m.DedupKey)).Select(m => m.DedupKey).ToListAsync(cancel);
        db.OutboxMails.AddRange(people.Where(person => !told.Contains(KeyOf(person))).Select(person => Write(person, KeyOf(person), now, words)));

        string KeyOf(Person person) => $"{key}:{person.Id:N}";
    }
}
