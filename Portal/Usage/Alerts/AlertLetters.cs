using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Accounts;
using Portal.Accounts.Budgets;
using Portal.Accounts.Mail;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Usage;

namespace Portal.Usage.Alerts;

/// <summary>What the letters of an alert say.</summary>
public sealed class AlertLetters(Letters letters, LetterLinks links, IStringLocalizer<AlertText> text)
{
    /// <summary>Adds the letters to <paramref name="db"/>; the caller saves them with the event.</summary>
    internal async Task Queue(PortalDb db, AlertRule rule, AlertOccasion occasion, DateTimeOffset now, CancellationToken cancel)
    {
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == rule.AccountId, cancel);
        await letters.ToBilling(db, rule.AccountId, $"alert:{rule.Id:N}:{occasion.Window}", now, () => Words(account, rule, occasion), cancel);
    }

    private LetterWords Words(Account account, AlertRule rule, AlertOccasion occasion)
    {
        var (key, page) = occasion.Budget is { } budget ? ("Budget", budget.Scope switch { BudgetScope.Account => "billing", BudgetScope.Seat => "members", _ => "api-keys" })
            : occasion.Quota is { } quota ? ($"Quota{quota.Unit}", "plans") : ("Balance", "billing");
        object[] arguments = occasion.Budget is { } spent
            ? [account.Name, Percent(occasion.Value), text[$"BudgetOf{spent.Scope}", spent.Name], Amount(spent.Meter, spent.Used), Amount(spent.Meter, spent.Limit!.Value),
                spent.Ends is { } again ? text["Again", text.Dated(again)].Value : ""]
            : occasion.Quota is { } used
            ? [account.Name, Percent(occasion.Value), Count(used.Used), Count(used.Granted), End(used, account)]
            : [account.Name, Yuan(occasion.Value), Yuan(rule.Threshold)];
        return new LetterWords(
            text[$"{key}Subject", arguments], [text[$"{key}Text", arguments]], (text[$"{key}Button"], links.To(page)), text["Closing"]);
    }

    private string End(QuotaState quota, Account account) => quota.EndsAt is { } end
        ? text["Renews", letters.Day(end, account.TimeZone)]
        : "";

    private string Amount(CapMeter meter, long amount) => meter == CapMeter.Money ? text["Yuan", new Money(amount).ToTwoDecimals()] : text[$"Count{meter}", Count(amount)];

    private static string Percent(decimal share) => decimal.Floor(share * 100).ToString("0", CultureInfo.CurrentCulture);

    private static string Count(long units) => units.ToString("N0", CultureInfo.CurrentCulture);

    private static string Yuan(decimal amount) => Money.FromAmount(amount).ToTwoDecimals();
}
