using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Billing.Ledger;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Data.Jobs;

namespace Portal.Billing.Subscriptions;

/// <summary>Queues mails to those who manage an account's billing, each in their own language, with the change that they tell of.</summary>
public sealed class PlanMails(IStringLocalizer<PlanMailText> text)
{
    public static readonly TimeSpan ReminderBeforeEnd = TimeSpan.FromDays(3);

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <param name="end">When the plan ends, or ended, unless it is paid.</param>
    public async Task Queue(LedgerTransaction transaction, Subscription subscription, PlanMail mail, DateTimeOffset end, CancellationToken cancel)
    {
        var db = transaction.Db;
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == subscription.AccountId, cancel);
        var plan = await db.Plans.AsNoTracking().SingleAsync(p => p.Id == (subscription.NextPlanId ?? subscription.PlanId), cancel);
        var people = await db.Memberships.AsNoTracking()
            .Where(m => m.AccountId == account.Id && m.RemovedAt == null && m.Role != MemberRole.Member && m.Person.Email != null)
            .Select(m => new { m.PersonId, m.Person.Email, m.Person.DisplayName, m.Person.Culture }).ToListAsync(cancel);
        foreach (var person in people)
        {
            var key = $"plan.{mail}:{subscription.Id:N}:{subscription.PeriodEnd.ToUnixTimeSeconds()}:{person.PersonId:N}";
            if (await db.OutboxMails.AnyAsync(m => m.DedupKey == key, cancel))
            {
                continue;
            }

            var (subject, html) = Write(mail, person.DisplayName, person.Culture, account, plan, end);
            db.OutboxMails.Add(new OutboxMail
            {
                Id = Guid.CreateVersion7(transaction.Now), DedupKey = key, To = person.Email!, Subject = subject, Html = html,
                CreatedAt = transaction.Now, NextAttemptAt = transaction.Now,
            });
        }
    }

    private (string Subject, string Html) Write(PlanMail mail, string name, string culture, Account account, Plan plan, DateTimeOffset end)
    {
        var (before, beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            var day = TimeZoneInfo.ConvertTime(end, TimeZoneInfo.FindSystemTimeZoneById(account.TimeZone)).ToString(text["Day"], CultureInfo.CurrentCulture);
            string[] arguments = [plan.Name(), account.Name, new Money(plan.PriceNanos).ToTwoDecimals(), day];
            object[] encoded = [.. arguments.Select(Html.Encode)];
            var paragraphs = new[] { text["Hello", Html.Encode(name)].Value, text[$"{mail}", encoded].Value, text[$"{mail}Next", encoded].Value };
            return (text[$"{mail}Subject", [.. arguments]], string.Concat(paragraphs.Select(p => $"<p>{p}</p>")));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeUi);
        }
    }
}
