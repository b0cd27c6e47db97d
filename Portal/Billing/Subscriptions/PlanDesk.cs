using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Subscriptions.Periods;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Support;
using System.Text.Json;

namespace Portal.Billing.Subscriptions;

/// <summary>Chooses, changes and ends an account's plan. Everything that a change does is one transaction.</summary>
public sealed class PlanDesk(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, TimeProvider clock)
{
    /// <summary>How long a quote can be confirmed: what was shown is what is charged, proration included.</summary>
    public static readonly TimeSpan QuoteLife = TimeSpan.FromMinutes(15);

    /// <summary>The code of transfers that take back of an allowance what a credit is for; their reference is the period's that was cut short.</summary>
    internal const string TakeBackCode = "plan.take-back";

    /// <summary>How long a plan waits for the money that is on its way.</summary>
    public static readonly TimeSpan AwaitLife = TimeSpan.FromHours(24);

    /// <summary>What choosing a plan would do now; changes nothing.</summary>
    /// <param name="extras">What to add to the plan; null: what the account has added to it.</param>
    /// <param name="term">Null: the term that the account has, by the month when it has none.</param>
    public async Task<Outcome<PlanQuote>> Quote(
        Caller caller, string planKey, PlanExtras? extras = null, PlanTerm? term = null, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.ManageBilling) is { } no) return no;
        var at = BillingPeriods.WholeSecond(clock.GetUtcNow());
        await using var db = databases.CreateDbContext();
        var book = await WalletLoader.Load(db, caller.AccountId, at, cancel);
        return await new PlanAssessment(db, book, at).Quote(planKey, extras, term, cancel);
    }

    /// <summary>Does what was shown. The same token again gives the first outcome and changes nothing.</summary>
    /// <param name="formKey">The form's token, at most 64 characters.</param>
    public async Task<Outcome<PlanChange>> Choose(Caller caller, PlanQuote shown, string formKey, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.ManageBilling) is { } no) return no;
        return await ledger.Run<PlanChange>(async transaction =>
        {
            if (await transaction.Lock(caller.AccountId, cancel) is not { } book)
            {
                return Refusal.NotFound;
            }

            var request = $"{shown.Plan.Key}+{shown.Extras.Tokens}+{shown.Extras.Concurrent}+{shown.Term}@{shown.At.ToUnixTimeSeconds()}";
            var key = $"plan.choose:{formKey}";
            if (await transaction.Db.IdempotencyRecords.FindAsync([caller.AccountId, key], cancel) is { } earlier)
            {
                return earlier.RequestHash == request ? JsonSerializer.Deserialize<PlanChange>(earlier.Outcome)! : new Refusal("idempotency.mismatch");
            }

            if (shown.At > transaction.Now || transaction.Now - shown.At > QuoteLife)
            {
                return new Refusal("plan.quote-stale");
            }

            var change = await Change(transaction, book, caller, shown, cancel);
            if (change.IsDone(out _))
            {
                transaction.Db.IdempotencyRecords.Add(new IdempotencyRecord
                {
                    WalletId = caller.AccountId, Key = key, RequestHash = request, Outcome = JsonSerializer.Serialize(change.Value), CreatedAt = transaction.Now,
                });
            }

            return change;
        }, cancel);
    }

    /// <summary>Lets a first plan begin as soon as its money is there, for what was shown at most.</summary>
    public async Task<Outcome<PlanChange>> Await(Caller caller, PlanQuote shown, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.ManageBilling) is { } no) return no;
        return await ledger.Run<PlanChange>(async transaction =>
        {
            if (await transaction.Lock(caller.AccountId, cancel) is not { } book)
            {
                return Refusal.NotFound;
            }

            var assessed = await new PlanAssessment(transaction.Db, book, BillingPeriods.WholeSecond(transaction.Now)).Quote(shown.Plan.Key, shown.Extras, shown.Term, cancel);
            if (!assessed.IsDone(out var refusal, out var quote))
            {
                return refusal;
            }

            if (quote.Kind != PlanChangeKind.Start || quote.TotalNanos > shown.TotalNanos)
            {
                return new Refusal("plan.quote-stale");
            }

            var subscription = await Begin(transaction, caller, quote, cancel);
            var until = quote.At + AwaitLife;
            (subscription.Status, subscription.Term, subscription.AgreedNanos) = (SubscriptionStatus.Incomplete, quote.Term, shown.TotalNanos);
            (subscription.ExtraTokens, subscription.ExtraConcurrent) = (quote.Extras.Tokens, quote.Extras.Concurrent);
            (subscription.PeriodStart, subscription.PeriodEnd) = (until, until);
            Audit(transaction, caller, "plan.awaited", subscription, Words(quote));
            return new PlanChange(PlanChangeKind.Await, subscription.Id, quote.Plan.Key, 0, quote.At, until, null);
        }, cancel);
    }

    /// <summary>Ends the plan with its period, within a contract with the contract; one whose renewal could not be paid, or that still waits for its money, ends now.</summary>
    public Task<Outcome<Done>> Cancel(Caller caller, CancellationToken cancel = default) => Amend(caller, "plan.canceled", (transaction, live) => EndWithPeriod(transaction, live, cancel), cancel);

    /// <summary>Takes back a cancellation or a change that waits for the period's end.</summary>
    public Task<Outcome<Done>> Keep(Caller caller, CancellationToken cancel = default) => Amend(caller, "plan.kept", (_, live) =>
    {
        live.NextPlanId = null;
        live.CancelAtPeriodEnd = false;
        return Task.CompletedTask;
    }, cancel);

    internal static Task EndWithPeriod(LedgerTransaction transaction, Subscription live, CancellationToken cancel)
    {
        live.NextPlanId = null;
        live.CancelAtPeriodEnd = true;
        return live.PeriodEnd <= transaction.Now || live.Status == SubscriptionStatus.Incomplete ? End(transaction, live, transaction.Now, cancel) : Task.CompletedTask;
    }

    /// <summary>What it still waited to be paid for is owed no more.</summary>
    internal static Task End(LedgerTransaction transaction, Subscription subscription, DateTimeOffset at, CancellationToken cancel)
    {
        subscription.Status = SubscriptionStatus.Canceled;
        subscription.CanceledAt = at;
        subscription.Version++;
        return subscription.PastDueSince is null ? Task.CompletedTask : UnpaidInvoices.End(transaction, subscription.AccountId, cancel);
    }

    private async Task<Outcome<Done>> Amend(Caller caller, string action, Func<LedgerTransaction, Subscription, Task> amend, CancellationToken cancel)
    {
        if (caller.WhyNot(Right.ManageBilling) is { } no) return no;
        return await ledger.Run<Done>(async transaction =>
        {
            await transaction.Lock(caller.AccountId, cancel);
            if (await PaidPeriod.Live(transaction.Db, caller.AccountId, cancel) is not { } live || live.HasRunOut(transaction.Now))
            {
                return new Refusal("plan.none");
            }

            await amend(transaction, live);
            live.Version++;
            Audit(transaction, caller, action, live, live.Plan.NameEn);
            return new Done();
        }, cancel);
    }

    private static async Task<Outcome<PlanChange>> Change(LedgerTransaction transaction, WalletBook book, Caller caller, PlanQuote shown, CancellationToken cancel)
    {
        var assessment = new PlanAssessment(transaction.Db, book, shown.At);
        var assessed = await assessment.Quote(shown.Plan.Key, shown.Extras, shown.Term, cancel);
        if (!assessed.IsDone(out var refusal))
        {
            return refusal;
        }

        var quote = assessed.Value;
        if (quote.Kind != shown.Kind || quote.TotalNanos != shown.TotalNanos || quote.Plan.Id != shown.Plan.Id || quote.From != shown.From)
        {
            return new Refusal("plan.quote-stale");
        }

        if (quote.Missing > Money.Zero)
        {
            return new Refusal("plan.funds-short", quote.Missing.ToTwoDecimals(), quote.Total.ToTwoDecimals(), quote.Spendable.FloorToMinorUnits().ToTwoDecimals());
        }

        return quote.Kind == PlanChangeKind.NextPeriod
            ? await Schedule(transaction, caller, quote, assessment.Live!)
            : await Open(transaction, assessment, caller, quote, cancel);
    }

    private static Task<Outcome<PlanChange>> Schedule(LedgerTransaction transaction, Caller caller, PlanQuote quote, Subscription live)
    {
        live.NextPlanId = quote.Plan.Id;
        live.NextExtraTokens = quote.Extras.Tokens;
        live.NextExtraConcurrent = quote.Extras.Concurrent;
        live.NextTerm = quote.Term;
        live.CancelAtPeriodEnd = false;
        live.Version++;
        Audit(transaction, caller, "plan.scheduled", live, Words(quote));
        return Task.FromResult<Outcome<PlanChange>>(new PlanChange(quote.Kind, live.Id, quote.Plan.Key, 0, quote.From, quote.To, null));
    }

    private static async Task<Outcome<PlanChange>> Open(LedgerTransaction transaction, PlanAssessment assessment, Caller caller, PlanQuote quote, CancellationToken cancel)
    {
        var credit = assessment.CreditLine(quote);
        if (quote.Kind == PlanChangeKind.Upgrade && !(await TakeBack(transaction, assessment, quote, cancel)).IsDone(out var kept))
        {
            return kept;
        }

        var subscription = assessment.Live ?? await Begin(transaction, caller, quote, cancel);
        if (quote.Kind == PlanChangeKind.Upgrade)
        {
            subscription.Anchor = quote.From;
        }

        var period = await assessment.Period(quote, subscription, credit, cancel);
        var opened = await PaidPeriod.Open(transaction, period, cancel);
        if (!opened.IsDone(out var refusal))
        {
            return refusal;
        }

        Audit(transaction, caller, quote.Kind == PlanChangeKind.Renew ? "plan.renewed" : "plan.chosen", subscription, Words(quote));
        return new PlanChange(quote.Kind, subscription.Id, quote.Plan.Key, quote.TotalNanos, quote.From, quote.To, opened.Value.InvoiceId);
    }

    /// <summary>Cuts the running period off and takes back of its allowance what the credit is for.</summary>
    private static async Task<Outcome<Done>> TakeBack(LedgerTransaction transaction, PlanAssessment assessment, PlanQuote quote, CancellationToken cancel)
    {
        var live = assessment.Live!;
        var period = await transaction.Db.SubscriptionPeriods.SingleAsync(p => p.SubscriptionId == live.Id && p.Start == live.PeriodStart, cancel);
        period.End = quote.From;
        var reference = NewPeriod.ReferenceOf(live.Id, live.PeriodStart);
        List<Leg> legs =
        [
            .. assessment.Unspent(live).Select(a => new Leg(
                new AccountRef(a.Code, a.Unit, a.SubjectId, a.ExpiresAt), new AccountRef(LedgerCodes.Issued, a.Unit), a.Balance - a.Held, TakeBackCode)),
        ];
        if (legs.Count > 0 && !(await transaction.Apply(new Move(live.AccountId, $"{TakeBackCode}:{reference}", reference, legs), cancel)).IsDone(out var refusal))
        {
            return refusal;
        }

        return new Done();
    }

    private static async Task<Subscription> Begin(LedgerTransaction transaction, Caller caller, PlanQuote quote, CancellationToken cancel)
    {
        var db = transaction.Db;
        if (await PaidPeriod.Live(db, caller.AccountId, cancel) is { } ended)
        {
            // It ran out as asked and the job has not come by yet, or it was still waiting for its money; the index allows one live subscription an account.
            await End(transaction, ended, ended.Status == SubscriptionStatus.Incomplete ? transaction.Now : ended.PeriodEnd, cancel);
            await db.SaveChangesAsync(cancel);
        }

        var subscription = new Subscription { Id = Guid.CreateVersion7(transaction.Now), AccountId = caller.AccountId, PlanId = quote.Plan.Id, Anchor = quote.From };
        db.Subscriptions.Add(subscription);
        return subscription;
    }

    private static string Words(PlanQuote quote) =>
        (quote.Extras == PlanExtras.None ? quote.Plan.NameEn : $"{quote.Plan.NameEn}, {quote.Extras.Tokens} tokens and {quote.Extras.Concurrent} prompts at once added")
        + (quote.Term == PlanTerm.Monthly ? "" : $", {quote.Term.ToString().ToLowerInvariant()}");

    private static void Audit(LedgerTransaction transaction, Caller caller, string action, Subscription subscription, string detail) =>
        transaction.Db.AuditEntries.Add(new AuditEntry
        {
            At = transaction.Now, PersonId = caller.PersonId, AccountId = caller.AccountId, Action = action, Subject = $"{subscription.Id:N}", Detail = detail,
        });
}
