using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Periods;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.PriceChanges;

/// <summary>What those who manage an account's billing are told when an operator moves its plan to another version, and when that is taken back.</summary>
public sealed class PlanMoveLetters(Letters letters, IStringLocalizer<PlanMoveText> text)
{
    /// <param name="move">With the renewal at which it counts.</param>
    /// <param name="stays">That it was taken back.</param>
    public async Task Queue(LedgerTransaction transaction, Subscription subscription, PlanMove move, bool stays, CancellationToken cancel)
    {
        var db = transaction.Db;
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == subscription.AccountId, cancel);
        var to = await db.Plans.AsNoTracking().SingleAsync(p => p.Id == move.ToPlanId, cancel);
        var prices = await PeriodPrices.Read(db, [account.Id], terms: true, cancel);
        var next = new NextPeriod(to, NextExtras.Of(subscription), subscription.NextPlanId is null ? PlanTerm.Monthly : subscription.NextTerm, true);
        var before = prices.OfRenewal(subscription, next with { Plan = subscription.Plan }, transaction.Now);
        var after = prices.OfRenewal(subscription, next, transaction.Now);
        await letters.ToBilling(
            db, account.Id, $"plan.move:{move.Id}:{subscription.PeriodEnd.ToUnixTimeSeconds()}:{(stays ? "stays" : "told")}", transaction.Now, () =>
            {
                object[] arguments = [subscription.Plan.Name(), account.Name, letters.Day(subscription.PeriodEnd, account.TimeZone), before.Amount.ToTwoDecimals(), after.Amount.ToTwoDecimals()];
                return stays
                    ? new LetterWords(text["StaysSubject", arguments], [text["Stays", arguments]])
                    : new LetterWords(text["MovesSubject", arguments], [text["Moves", arguments], .. Units(subscription.Plan, to), text["MovesNext", arguments]]);
            }, cancel);
    }

    private IEnumerable<string> Units(Plan from, Plan to) => from.IncludedUnits == to.IncludedUnits && from.Unlimited == to.Unlimited
        ? []
        : [text[$"Included{to.IncludedUnit}", Whole(from.IncludedUnits), Whole(to.IncludedUnits)]];

    private static string Whole(long number) => number.ToString("N0", CultureInfo.CurrentCulture);
}
