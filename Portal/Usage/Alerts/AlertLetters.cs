using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Accounts;
using Portal.Accounts.Mail;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Jobs;
using Portal.Data.Usage;

namespace Portal.Usage.Alerts;

/// <summary>The letters of an alert, to everyone who manages the account's billing, each in their own language.</summary>
public sealed class AlertLetters(LetterLinks links, IConfiguration configuration, IStringLocalizer<AlertText> text)
{
    // Where Mail:PublicUrl is not set, as in Development, the portal is on this machine.
    private string OwnAddress => Uri.TryCreate(configuration["Urls"]?.Split(';')[0], UriKind.Absolute, out var own) ? own.AbsoluteUri : "http://localhost:5080";

    /// <summary>Adds the letters to <paramref name="db"/>; the caller saves them with the event.</summary>
    internal async Task Queue(PortalDb db, AlertRule rule, AlertOccasion occasion, DateTimeOffset now, CancellationToken cancel)
    {
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == rule.AccountId, cancel);
        var people = await db.Memberships.AsNoTracking()
            .Where(m => m.AccountId == rule.AccountId && m.RemovedAt == null && m.Role != MemberRole.Member && m.Person.Email != null)
            .Select(m => m.Person).ToListAsync(cancel);
        foreach (var person in people)
        {
            var (subject, html) = Write(account, rule, occasion, person);
            db.OutboxMails.Add(new OutboxMail
            {
                Id = Guid.CreateVersion7(now), DedupKey = $"alert:{rule.Id:N}:{occasion.Window}:{person.Id:N}", To = person.Email!, Subject = subject, Html = html,
                CreatedAt = now, NextAttemptAt = now,
            });
        }
    }

    private (string Subject, string Html) Write(Account account, AlertRule rule, AlertOccasion occasion, Person person)
    {
        var (before, beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        var culture = CultureInfo.GetCultureInfo(person.Culture);
        try
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
            var (key, page) = occasion.Quota is { } quota ? ($"Quota{quota.Unit}", "plans") : ("Balance", "billing");
            object[] arguments = occasion.Quota is { } used
                ? [account.Name, Percent(occasion.Value), Count(used.Used), Count(used.Granted), End(used, account)]
                : [account.Name, Yuan(occasion.Value), Yuan(rule.Threshold)];
            var greeting = person.DisplayName.Length == 0 ? text["Greeting"] : text["GreetingName", person.DisplayName];
            var subject = text[$"{key}Subject", arguments].Value;
            return (subject, LetterPage.Write(
                subject, greeting, text[$"{key}Text", arguments], text[$"{key}Button"], links.To(page, OwnAddress), text["Closing"], culture));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeUi);
        }
    }

    private string End(QuotaState quota, Account account) => quota.EndsAt is { } end
        ? text["Renews", TimeZoneInfo.ConvertTime(end, LocalDays.Zone(account.TimeZone)).ToString(text["Day"], CultureInfo.CurrentCulture)]
        : "";

    private static string Percent(decimal share) => decimal.Floor(share * 100).ToString("0", CultureInfo.CurrentCulture);

    private static string Count(long units) => units.ToString("N0", CultureInfo.CurrentCulture);

    private static string Yuan(decimal amount) => Money.FromAmount(amount).ToTwoDecimals();
}
