using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions;

/// <summary>Works out what choosing a plan means: once for the preview, and again, under the wallet's lock, for the deed.</summary>
/// <param name="db">Only read.</param>
internal sealed class PlanAssessment(PortalDb db, WalletBook book, DateTimeOffset at)
{
    /// <summary>The account's subscription that lives at the instant; null when there is none, or it has ended as asked.</summary>
    public Subscription? Live { get; private set; }

    public async Task<Outcome<PlanQuote>> Quote(string planKey, CancellationToken cancel)
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
        Live = found is { CancelAtPeriodEnd: true } && found.PeriodEnd <= at ? null : found;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(account.TimeZone);
        return Live switch
        {
            null => Charged(PlanChangeKind.Start, plan, at, BillingPeriods.End(at, at, plan.PeriodMonths, zone)),
            { PeriodEnd: var due } when due <= at => Renewal(plan, BillingPeriods.Containing(Live.Anchor, due, plan.PeriodMonths, zone, at)),
            _ when Live.Plan.Key == plan.Key => new Refusal("plan.current"),
            _ when plan.PriceNanos > Live.Plan.PriceNanos => Upgrade(plan, Live, zone),
            _ => AtPeriodEnd(plan, Live, zone),
        };
    }

    /// <summary>What is free of the allowance of a period: not spent, not held, not handed to a seat.</summary>
    public IReadOnlyList<LedgerAccount> Unspent(Subscription subscription) =>
        [.. book.Accounts.Where(a => a.Code is LedgerCodes.Allowance or LedgerCodes.Pool && a.Unit == subscription.Plan.IncludedUnit
            && a.ExpiresAt == subscription.PeriodEnd && a.Balance > a.Held)];

    public InvoiceDraft.Line? CreditLine(PlanQuote quote) => quote.CreditNanos == 0 || Live is null
        ? null
        : new InvoiceDraft.Line("credit", Live.Plan.Key, -quote.CreditNanos, quote.From, Live.PeriodEnd);

    private PlanQuote Renewal(Plan plan, (DateTimeOffset From, DateTimeOffset To) period) => Charged(PlanChangeKind.Renew, plan, period.From, period.To);

    private PlanQuote Upgrade(Plan plan, Subscription live, TimeZoneInfo zone)
    {
        // Of two changes in one second the second begins in the next: no period is empty.
        var from = at > live.PeriodStart ? at : live.PeriodStart.AddSeconds(1);
        var unspent = Unspent(live).Sum(a => a.Balance - a.Held);
        var credit = Proration.CreditNanos(live.Plan.PriceNanos, live.PeriodStart, live.PeriodEnd, from, unspent, live.Plan.IncludedUnits);
        return Charged(PlanChangeKind.Upgrade, plan, from, BillingPeriods.End(from, from, plan.PeriodMonths, zone), credit, unspent);
    }

    private PlanQuote AtPeriodEnd(Plan plan, Subscription live, TimeZoneInfo zone) =>
        Quoted(PlanChangeKind.NextPeriod, plan, live.PeriodEnd, BillingPeriods.End(live.Anchor, live.PeriodEnd, plan.PeriodMonths, zone), 0, 0, 0);

    private PlanQuote Charged(PlanChangeKind kind, Plan plan, DateTimeOffset from, DateTimeOffset to, long credit = 0, long takenBack = 0)
    {
        var quote = Quoted(kind, plan, from, to, credit, 0, takenBack);
        var total = PaidPeriod.Draft(book.WalletId, Guid.Empty, plan, from, to, CreditLine(quote)).TotalNanos;
        return quote with { TotalNanos = total };
    }

    private PlanQuote Quoted(PlanChangeKind kind, Plan plan, DateTimeOffset from, DateTimeOffset to, long credit, long total, long takenBack) =>
        new(kind, plan, Live?.Plan, at, credit, total, from, to, takenBack, book.Available(Unit.Money, PaidPeriod.FeeSources, null, at));
}
