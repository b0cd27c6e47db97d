using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Periods;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions.Mail;

/// <summary>What those who manage an account's billing are told of renewals, trials and terms, with the change itself.</summary>
public sealed class PlanLetters(Letters letters, IStringLocalizer<PlanMailText> text)
{
    public static readonly TimeSpan ReminderBeforeEnd = TimeSpan.FromDays(3);

    /// <summary>Before a trial ends, and before a term does.</summary>
    public static readonly TimeSpan TrialNotice = TimeSpan.FromDays(3);

    /// <inheritdoc cref="TrialNotice"/>
    public static readonly TimeSpan TermNotice = TimeSpan.FromDays(14);

    /// <param name="subscription">With its plan.</param>
    /// <param name="end">When the plan ends, or ended, unless it is paid.</param>
    public async Task Queue(LedgerTransaction transaction, Subscription subscription, PlanLetter mail, DateTimeOffset end, CancellationToken cancel)
    {
        var db = transaction.Db;
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == subscription.AccountId, cancel);
        var changed = subscription.NextPlanId is { } id ? await db.Plans.AsNoTracking().SingleAsync(p => p.Id == id, cancel) : null;
        var next = NextPeriod.Of(subscription, changed, transaction.Now);
        var price = (await PeriodPrices.Read(db, [account.Id], next.Term != PlanTerm.Monthly, cancel)).OfRenewal(subscription, next, transaction.Now);
        await letters.ToBilling(
            db, account.Id, $"plan.{mail}:{subscription.Id:N}:{subscription.PeriodEnd.ToUnixTimeSeconds()}{(mail is PlanLetter.CardDeclined or PlanLetter.CardRefused ? $":{subscription.CardAttempts}" : "")}",
            transaction.Now, () => Words(mail, account, next.Plan, price.Amount, end, subscription.NextCardAttemptAt), cancel);
    }

    private LetterWords Words(PlanLetter mail, Account account, Plan plan, Money price, DateTimeOffset end, DateTimeOffset? again)
    {
        object[] arguments = [plan.Name(), account.Name, price.ToTwoDecimals(), Day(end), again is { } next ? Day(next) : ""];
        return new LetterWords(text[$"{mail}Subject", arguments], [text[$"{mail}", arguments], text[$"{mail}Next", arguments]]);

        string Day(DateTimeOffset at) => letters.Day(at, account.TimeZone);
    }
}
