using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Mail;
using Portal.Billing.Subscriptions.Periods;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions.Renewals;

/// <summary>
/// Renews some subscriptions in one transaction: each is looked at again under its wallet's lock, so whoever comes second finds nothing to do. A
/// balance that is short stops none of the others.
/// </summary>
internal sealed class RenewalBatch(LedgerTransaction transaction, PlanLetters letters)
{
    private PortalDb Db => transaction.Db;

    private DateTimeOffset Now => transaction.Now;

    /// <param name="ids">Subscriptions with their accounts.</param>
    /// <returns>The steps, in the order of the ids.</returns>
    public async Task<RenewalStep[]> Renew(IReadOnlyList<(Guid Id, Guid Account)> ids, CancellationToken cancel)
    {
        await transaction.Lock(ids.Select(i => i.Account), cancel);
        var wanted = ids.Select(i => i.Id).ToList();
        var subscriptions = await Db.Subscriptions.Include(s => s.Plan).Where(s => wanted.Contains(s.Id)).ToDictionaryAsync(s => s.Id, cancel);
        var steps = subscriptions.Keys.ToDictionary(id => id, _ => RenewalStep.Nothing);
        var due = subscriptions.Values.Where(s => s.Status is not (SubscriptionStatus.Canceled or SubscriptionStatus.Incomplete) && s.PeriodEnd <= Now).ToList();
        var waiting = subscriptions.Values.Where(s => s.Status == SubscriptionStatus.Incomplete).ToList();
        await transaction.Apply([.. due.Select(s => new BookExpiry(s.AccountId))], cancel);
        foreach (var ended in due.Where(s => s.HasRunOut(Now)).ToList())
        {
            await PlanDesk.End(transaction, ended, ended.PeriodEnd, cancel);
            steps[ended.Id] = RenewalStep.Ended;
            due.Remove(ended);
        }

        List<NewPeriod> periods = [.. await Periods(due, cancel), .. await Firsts(waiting, steps, cancel)];
        var opened = await PaidPeriod.Open(transaction, periods, cancel);
        foreach (var (period, outcome) in periods.Zip(opened))
        {
            steps[period.Subscription.Id] = outcome.IsDone(out var refusal) ? RenewalStep.Renewed
                : refusal.Code == PaidPeriod.Short ? await Fall(period.Subscription, cancel)
                : throw new InvalidOperationException($"renewal of {period.Subscription.Id}: {refusal}");
        }

        return [.. ids.Select(i => steps[i.Id])];
    }

    /// <summary>Of each the period that contains now: of those before it nothing was to be had, so nothing is charged for them.</summary>
    private async Task<IReadOnlyList<NewPeriod>> Periods(List<Subscription> due, CancellationToken cancel)
    {
        var accounts = due.ConvertAll(s => s.AccountId);
        var zones = await Db.Accounts.Where(a => accounts.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.TimeZone, cancel);
        var plans = due.Select(s => s.NextPlanId).OfType<int>().Distinct().ToList();
        var changed = plans.Count == 0 ? [] : await Db.Plans.Where(p => plans.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel);
        var prices = await PeriodPrices.Read(Db, accounts, due.Exists(s => s.Term != PlanTerm.Monthly || s.NextTerm != PlanTerm.Monthly), cancel);
        var years = await Years(due, cancel);
        return
        [
            .. due.Select(s => Period(
                s, NextPeriod.Of(s, s.NextPlanId is { } next ? changed[next] : null, Now), LocalDays.Zone(zones[s.AccountId]), prices, years)),
        ];
    }

    private NewPeriod Period(
        Subscription subscription, NextPeriod next, TimeZoneInfo zone, PeriodPrices prices, Dictionary<Guid, SubscriptionPeriod> years)
    {
        var (from, to) = BillingPeriods.Containing(subscription.Anchor, subscription.PeriodEnd, next.Plan.PeriodMonths, zone, Now);
        var price = next.IsPaid ? null : prices.OfRenewal(subscription, next, Now);
        return new NewPeriod(subscription, next.Plan, next.Extras, next.Term, price, from, to)
        {
            TermEnd = next.Begins ? Terms.End(next.Term, subscription.Anchor, from, zone) : subscription.TermEnd,
            GoesOn = !next.Begins,
            IsOwed = true,
            Paid = next.IsPaid ? years[subscription.Id] : null,
        };
    }

    /// <summary>The running months of years that were paid at once.</summary>
    private async Task<Dictionary<Guid, SubscriptionPeriod>> Years(List<Subscription> due, CancellationToken cancel)
    {
        var paid = due.Where(s => s.TermFeeNanos is not null).Select(s => s.Id).ToList();
        return paid.Count == 0
            ? []
            : await Db.SubscriptionPeriods.AsNoTracking()
                .Where(p => paid.Contains(p.SubscriptionId) && Db.Subscriptions.Any(s => s.Id == p.SubscriptionId && s.PeriodStart == p.Start))
                .ToDictionaryAsync(p => p.SubscriptionId, cancel);
    }

    /// <summary>The first periods of those whose money has come; who waited too long waits no more.</summary>
    private async Task<List<NewPeriod>> Firsts(List<Subscription> waiting, Dictionary<Guid, RenewalStep> steps, CancellationToken cancel)
    {
        var firsts = new List<NewPeriod>();
        foreach (var subscription in waiting)
        {
            if (subscription.PeriodEnd <= Now)
            {
                await PlanDesk.End(transaction, subscription, Now, cancel);
                steps[subscription.Id] = RenewalStep.Ended;
                continue;
            }

            var (zone, from) = (await PaidPeriod.ZoneOf(Db, subscription.AccountId, cancel), BillingPeriods.WholeSecond(Now));
            var prices = await PeriodPrices.Read(Db, [subscription.AccountId], subscription.Term != PlanTerm.Monthly, cancel);
            var first = new NewPeriod(
                subscription, subscription.Plan, subscription.Extras(), subscription.Term,
                prices.At(subscription.AccountId, subscription.Plan, subscription.Extras(), subscription.Term, Now), from, BillingPeriods.End(from, from, subscription.Plan.PeriodMonths, zone))
            {
                TermEnd = Terms.End(subscription.Term, from, from, zone),
            };
            var fee = first.Draft!.TotalNanos;
            var book = await transaction.Lock(subscription.AccountId, cancel);
            if (fee <= subscription.AgreedNanos && fee <= book!.Available(Unit.Money, PaidPeriod.FeeSources, null, Now))
            {
                subscription.Anchor = from;
                firsts.Add(first);
            }
        }

        return firsts;
    }

    private async Task<RenewalStep> Fall(Subscription subscription, CancellationToken cancel)
    {
        if (subscription.PastDueSince is not { } since)
        {
            subscription.Status = SubscriptionStatus.PastDue;
            subscription.PastDueSince = Now;
            subscription.Version++;
            if (await Db.SavedCards.AnyAsync(c => c.AccountId == subscription.AccountId && c.IsDefault && c.RemovedAt == null, cancel))
            {
                // Nobody need be alarmed before the card has been asked.
                subscription.NextCardAttemptAt = Now;
                return RenewalStep.PastDue;
            }

            await letters.Queue(transaction, subscription, PlanLetter.PastDue, Now + RenewalRun.Grace, cancel);
            return RenewalStep.PastDue;
        }

        // While the card is still to be charged again the plan waits, though the grace may be over.
        if (Now - since >= RenewalRun.Grace && subscription.NextCardAttemptAt is null)
        {
            await PlanDesk.End(transaction, subscription, Now, cancel);
            await letters.Queue(transaction, subscription, PlanLetter.Ended, since + RenewalRun.Grace, cancel);
            return RenewalStep.Ended;
        }

        if (Now - since >= RenewalRun.Grace - PlanLetters.ReminderBeforeEnd && Now - since < RenewalRun.Grace)
        {
            await letters.Queue(transaction, subscription, PlanLetter.Reminder, since + RenewalRun.Grace, cancel);
        }

        return RenewalStep.PastDue;
    }
}
