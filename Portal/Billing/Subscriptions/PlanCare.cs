using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Periods;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Support;

namespace Portal.Billing.Subscriptions;

/// <summary>What the staff do to a customer's plan: end it with its period, or let the period last longer for nothing.</summary>
public sealed class PlanCare(LedgerWriter ledger)
{
    public const int DaysMin = 1;

    /// <summary>At once, and beyond what a period was paid for.</summary>
    public const int DaysMax = 60;

    /// <summary>As if the customer had canceled it: nothing is paid back.</summary>
    public Task<Outcome<Done>> Cancel(Caller caller, Guid accountId, string reason, CancellationToken cancel = default) =>
        Change(caller, accountId, reason, async transaction =>
        {
            if (await PaidPeriod.Live(transaction.Db, accountId, cancel) is not { } live || live.CancelAtPeriodEnd)
            {
                return new Refusal("plan.none");
            }

            await PlanDesk.EndWithPeriod(transaction, live, cancel);
            live.Version++;
            Audit(transaction, caller, live, "plan.canceled-by-staff", reason, "renews", "ends with its period");
            return default(Done);
        }, cancel);

    /// <summary>
    /// The running period ends so many days later, and so does all that it granted; the next one begins then, and the days of the month follow it. What
    /// was paid and granted stays as it was, and so do the days that it was paid for: leaving the plan early credits none of those that were given.
    /// </summary>
    /// <param name="days">From <see cref="DaysMin"/> to <see cref="DaysMax"/>.</param>
    /// <param name="formKey">The form's token: sent twice, it is extended once.</param>
    public Task<Outcome<Done>> Extend(Caller caller, Guid accountId, int days, string reason, Guid formKey, CancellationToken cancel = default) =>
        Change(caller, accountId, reason, async transaction =>
        {
            if (days is < DaysMin or > DaysMax)
            {
                return new Refusal("plan.extend-days", $"{DaysMin}", $"{DaysMax}");
            }

            var (key, request) = ($"{TransferCodes.PlanExtended}:{formKey:N}", $"{days}");
            if (await transaction.Db.IdempotencyRecords.FindAsync([accountId, key], cancel) is { } earlier)
            {
                return earlier.RequestHash == request ? default(Done) : new Refusal("idempotency.mismatch");
            }

            if (await PaidPeriod.Live(transaction.Db, accountId, cancel) is not { Status: SubscriptionStatus.Active or SubscriptionStatus.Trialing } live || live.PeriodEnd <= transaction.Now)
            {
                return new Refusal("plan.none");
            }

            var (before, after) = (live.PeriodEnd, live.PeriodEnd.AddDays(days));
            var period = await transaction.Db.SubscriptionPeriods.SingleAsync(p => p.SubscriptionId == live.Id && p.Start == live.PeriodStart, cancel);
            if (after > period.PaidEnd.AddDays(DaysMax))
            {
                return new Refusal("plan.extend-more", $"{DaysMax}", $"{(before - period.PaidEnd).Days}");
            }

            if (!(await KeepGrants(transaction, accountId, before, after, key, cancel)).IsDone(out var refusal))
            {
                return refusal;
            }

            await Move(transaction, live, period, after, cancel);
            transaction.Db.IdempotencyRecords.Add(new IdempotencyRecord { WalletId = accountId, Key = key, RequestHash = request, Outcome = "{}", CreatedAt = transaction.Now });
            Audit(transaction, caller, live, "plan.extended", reason, $"{before:u}", $"{after:u}");
            return default(Done);
        }, cancel);

    private async Task<Outcome<Done>> Change(Caller caller, Guid accountId, string reason, Func<LedgerTransaction, Task<Outcome<Done>>> change, CancellationToken cancel)
    {
        return (caller.WhyNot(Right.Serve) ?? Reason.WhyNot(PlainText.Of(reason))) is { } no ? no : await ledger.Run<Done>(
            async transaction => await transaction.Lock(accountId, cancel) is null ? Refusal.NotFound
                : await OwnAccounts.IsOwn(transaction.Db, caller.PersonId, accountId, cancel) ? new Refusal("adjust.own")
                : await change(transaction), cancel);
    }

    /// <summary>What the period granted and is not used up, seats' parts too, expires with its new end.</summary>
    private static async Task<Outcome<Done>> KeepGrants(LedgerTransaction transaction, Guid accountId, DateTimeOffset before, DateTimeOffset after, string key, CancellationToken cancel)
    {
        var book = await transaction.Lock(accountId, cancel);
        List<Leg> legs =
        [
            .. book!.Accounts.Where(a => a.Unit != Unit.Money && a.ExpiresAt == before && a.Code is LedgerCodes.Allowance or LedgerCodes.Pool or LedgerCodes.Seat && a.Balance > a.Held)
                .Select(a => new Leg(new AccountRef(a.Code, a.Unit, a.SubjectId, before), new AccountRef(a.Code, a.Unit, a.SubjectId, after), a.Balance - a.Held, TransferCodes.PlanExtended)),
        ];
        return legs.Count > 0 && !(await transaction.Apply(new Move(accountId, $"{key}:grants", key, legs), cancel)).IsDone(out var refusal) ? refusal : default(Done);
    }

    private static async Task Move(LedgerTransaction transaction, Subscription live, SubscriptionPeriod period, DateTimeOffset end, CancellationToken cancel)
    {
        var zone = await PaidPeriod.ZoneOf(transaction.Db, live.AccountId, cancel);

        // A term still has as many months to go.
        if (live.TermEnd is { } bound)
        {
            live.TermEnd = BillingPeriods.Boundary(end, Terms.MonthsBetween(live.PeriodEnd, bound), zone);
        }

        (period.End, live.PeriodEnd, live.Anchor) = (end, end, end);
        live.Version++;
    }

    private static void Audit(LedgerTransaction transaction, Caller caller, Subscription live, string action, string reason, string before, string after) =>
        transaction.Db.AuditEntries.Add(new AuditEntry
        {
            At = transaction.Now, PersonId = caller.PersonId, AccountId = live.AccountId, Action = action, Subject = $"{live.Id:N}", Detail = live.Plan.NameEn, Before = before, After = after,
            Reason = PlainText.Of(reason),
        });
}
