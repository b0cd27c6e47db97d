using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Rating;
using Portal.Billing.Subscriptions.Periods;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions;

/// <summary>Works out what choosing a plan means: once for the preview, and again, under the wallet's lock, for the deed.</summary>
/// <param name="db">Only read.</param>
internal sealed class PlanAssessment(PortalDb db, WalletBook book, DateTimeOffset at)
{
    private TimeZoneInfo zone = TimeZoneInfo.Utc;
    private PeriodPrices prices = null!;
    private NextPeriod? next;
    private DateTimeOffset paidUntil;

    /// <summary>The account's subscription that lives at the instant; null when there is none, or it has ended as asked.</summary>
    public Subscription? Live { get; private set; }

    /// <param name="asked">What to add to the plan; null: what the account has added to it.</param>
    /// <param name="askedTerm">Null: the term that the account has, so far as it goes on.</param>
    public async Task<Outcome<PlanQuote>> Quote(string planKey, PlanExtras? asked, PlanTerm? askedTerm, CancellationToken cancel)
    {
        var account = await db.Accounts.AsNoTracking().FirstOrDefaultAsync(a => a.Id == book.WalletId, cancel);
        var plan = await db.Plans.AsNoTracking().FirstOrDefaultAsync(p => p.Key == planKey && p.RetiredAt == null, cancel);
        if (account is null || plan is null)
        {
            return Refusal.NotFound;
        }

        if (plan.Education && account.Kind != AccountKind.Organisation)
        {
            return new Refusal("plan.organisation-only");
        }

        var found = await PaidPeriod.Live(db, account.Id, cancel);
        Live = found is null or { Status: SubscriptionStatus.Incomplete } || found.HasRunOut(at) ? null : found;
        next = Live is null ? null : NextPeriod.Of(Live, Live.NextPlanId is { } id ? await db.Plans.AsNoTracking().SingleAsync(p => p.Id == id, cancel) : null, at);
        var extras = asked ?? Added(plan);
        var term = askedTerm ?? (Live is null ? PlanTerm.Monthly : Live.PeriodEnd <= at ? next!.Term : Live.Term);
        if (extras.WhyNot(plan) is { } wrong)
        {
            return wrong;
        }

        if (!Terms.Of(plan).Contains(term))
        {
            return Refusal.NotFound;
        }

        zone = LocalDays.Zone(account.TimeZone);
        prices = await PeriodPrices.Read(db, [account.Id], term != PlanTerm.Monthly, cancel);
        return Live switch
        {
            null => Start(plan, extras, term),
            { PeriodEnd: var due } when due <= at => Renewal(new NextPeriod(plan, extras, term, next!.Begins)),
            { Status: not SubscriptionStatus.Trialing, Term: PlanTerm.Monthly } when Live.Plan.Key == plan.Key && Live.Extras() == extras && term == PlanTerm.Monthly =>
                new Refusal(extras == PlanExtras.None ? "plan.current" : "extras.unchanged"),
            _ => await Changed(plan, extras, term, cancel),
        };
    }

    /// <summary>What is free of the allowance of a period: not spent, not held, not handed to a seat.</summary>
    public IReadOnlyList<LedgerAccount> Unspent(Subscription subscription) =>
        [.. book.Accounts.Where(a => a.Code is LedgerCodes.Allowance or LedgerCodes.Pool && a.Unit == subscription.Plan.IncludedUnit
            && a.ExpiresAt == subscription.PeriodEnd && a.Balance > a.Held)];

    public InvoiceDraft.Line? CreditLine(PlanQuote quote) => quote.CreditNanos == 0 || Live is null
        ? null
        : new InvoiceDraft.Line("credit", Live.Plan.Key, -quote.CreditNanos, quote.From, Live.TermFeeNanos is null ? paidUntil : Live.BoundUntil());

    /// <summary>The period that a quote is about.</summary>
    public async Task<NewPeriod> Period(PlanQuote quote, Subscription subscription, InvoiceDraft.Line? credit, CancellationToken cancel)
    {
        var goesOn = quote.Kind == PlanChangeKind.Renew && !next!.Begins && quote.TermEnd == subscription.TermEnd;
        var year = goesOn && next!.IsPaid
            ? await db.SubscriptionPeriods.AsNoTracking().SingleAsync(p => p.SubscriptionId == subscription.Id && p.Start == subscription.PeriodStart, cancel)
            : null;
        return new NewPeriod(subscription, quote.Plan, quote.Extras, quote.Term, year is null ? quote.Price : null, quote.From, quote.To)
        {
            TermEnd = quote.TermEnd, Credit = credit, GoesOn = goesOn, Paid = year,
        };
    }

    private PlanQuote Start(Plan plan, PlanExtras extras, PlanTerm term) => Charged(
        PlanChangeKind.Start, plan, extras, term, prices.At(book.WalletId, plan, extras, term, at), at, BillingPeriods.End(at, at, plan.PeriodMonths, zone), at);

    /// <summary>The period that is due. Within a contract that is the contract's own, or a dearer one.</summary>
    private Outcome<PlanQuote> Renewal(NextPeriod chosen)
    {
        var (from, to) = BillingPeriods.Containing(Live!.Anchor, Live.PeriodEnd, chosen.Plan.PeriodMonths, zone, at);
        if (next!.Begins)
        {
            return Charged(PlanChangeKind.Renew, chosen.Plan, chosen.Extras, chosen.Term, prices.OfRenewal(Live, chosen, at), from, to, Live.Anchor);
        }

        var same = chosen.Plan.Id == Live.PlanId && chosen.Extras == Live.Extras() && chosen.Term == Live.Term;
        if (!same && (chosen.Term < Live.Term || ListOf(chosen.Plan, chosen.Extras) < ListOf(Live.Plan, Live.Extras())))
        {
            return new Refusal("plan.contract-runs");
        }

        var quote = next.IsPaid && same
            ? Quoted(PlanChangeKind.Renew, chosen.Plan, chosen.Extras, chosen.Term, prices.OfRenewal(Live, chosen, at), from, to) with { TermEnd = Live.TermEnd }
            : Charged(PlanChangeKind.Renew, chosen.Plan, chosen.Extras, chosen.Term, prices.OfRenewal(Live, chosen with { Begins = !same }, at), from, to, Live.Anchor);
        return same ? quote with { TermEnd = Live.TermEnd } : quote;
    }

    /// <summary>
    /// What costs more by the list begins now, and so does a longer term and what a trial becomes, unless coupons make it cheaper than what the running
    /// period is still worth; the rest waits for the end of what runs.
    /// </summary>
    private async Task<PlanQuote> Changed(Plan plan, PlanExtras extras, PlanTerm term, CancellationToken cancel)
    {
        var live = Live!;
        var (list, before) = (ListOf(plan, extras), ListOf(live.Plan, live.Extras()));
        if (live.Status == SubscriptionStatus.Trialing || (term >= live.Term && list > before) || (term > live.Term && list == before))
        {
            var period = await db.SubscriptionPeriods.AsNoTracking().SingleAsync(p => p.SubscriptionId == live.Id && p.Start == live.PeriodStart, cancel);
            var upgrade = Upgrade(plan, extras, term, live, period);
            if (upgrade.Credit <= upgrade.Price.Amount)
            {
                return upgrade;
            }
        }

        var from = live.BoundUntil();
        var to = BillingPeriods.End(live.Anchor, from, plan.PeriodMonths, zone);
        return Quoted(PlanChangeKind.NextPeriod, plan, extras, term, prices.At(book.WalletId, plan, extras, term, from), from, to) with
        {
            TermEnd = Terms.End(term, live.Anchor, from, zone), WaitsForTerm = from > live.PeriodEnd,
        };
    }

    private PlanQuote Upgrade(Plan plan, PlanExtras extras, PlanTerm term, Subscription live, SubscriptionPeriod period)
    {
        // Of two changes in one second the second begins in the next: no period is empty.
        var from = at > live.PeriodStart ? at : live.PeriodStart.AddSeconds(1);
        var unspent = Unspent(live).Sum(a => a.Balance - a.Held);
        var credit = Proration.CreditNanos(period.WorthNanos, period.Start, period.PaidEnd, from, unspent, period.Units);
        paidUntil = period.PaidEnd;

        // Of a year that was paid, the months to come: nobody could spend of them yet.
        credit += live.TermFeeNanos is { } year ? Terms.Rest(year, period.Month) : 0;
        return Charged(
            PlanChangeKind.Upgrade, plan, extras, term, prices.At(book.WalletId, plan, extras, term, at), from, BillingPeriods.End(from, from, plan.PeriodMonths, zone), from,
            credit, unspent);
    }

    /// <summary>What the account has added to a plan, or will have from the next period on; nothing to another plan.</summary>
    private PlanExtras Added(Plan plan)
    {
        var (key, extras) = Live is null ? ("", PlanExtras.None) : Live.PeriodEnd <= at ? (next!.Plan.Key, next.Extras) : (Live.Plan.Key, Live.Extras());
        return key == plan.Key && extras.WhyNot(plan) is null ? extras : PlanExtras.None;
    }

    private static Money ListOf(Plan plan, PlanExtras extras) => PeriodPrice.Of(plan, extras, []).List;

    private PlanQuote Charged(
        PlanChangeKind kind, Plan plan, PlanExtras extras, PlanTerm term, PeriodPrice price, DateTimeOffset from, DateTimeOffset to, DateTimeOffset anchor,
        long credit = 0, long takenBack = 0)
    {
        var quote = Quoted(kind, plan, extras, term, price, from, to, credit, takenBack) with { TermEnd = Terms.End(term, anchor, from, zone) };
        return quote with { TotalNanos = NewPeriod.DraftOf(book.WalletId, "", price, from, to, CreditLine(quote)).TotalNanos };
    }

    private PlanQuote Quoted(
        PlanChangeKind kind, Plan plan, PlanExtras extras, PlanTerm term, PeriodPrice price, DateTimeOffset from, DateTimeOffset to, long credit = 0, long takenBack = 0) => new(
        kind, plan, extras, price, Live?.Plan, Live?.Extras() ?? PlanExtras.None, at, credit, 0, from, to, takenBack,
        book.Available(Unit.Money, PaidPeriod.FeeSources, null, at)) { Term = term };
}
