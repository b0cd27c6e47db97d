using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
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
    /// <summary>The account's subscription that lives at the instant; null when there is none, or it has ended as asked.</summary>
    public Subscription? Live { get; private set; }

    /// <param name="asked">What to add to the plan; null: what the account has added to it.</param>
    public async Task<Outcome<PlanQuote>> Quote(string planKey, PlanExtras? asked, CancellationToken cancel)
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
        var extras = asked ?? await Added(plan, cancel);
        if (extras.WhyNot(plan) is { } wrong)
        {
            return wrong;
        }

        var price = Live?.PeriodEnd <= at
            ? await PaidPeriod.RenewalPrice(db, Live, plan, extras, at, cancel)
            : await PaidPeriod.Price(db, account.Id, plan, extras, at, cancel);
        var package = new Package(plan, extras, price);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(account.TimeZone);
        return Live switch
        {
            null => Charged(PlanChangeKind.Start, package, at, BillingPeriods.End(at, at, plan.PeriodMonths, zone)),
            { PeriodEnd: var due } when due <= at => Renewal(package, BillingPeriods.Containing(Live.Anchor, due, plan.PeriodMonths, zone, at)),
            _ when Live.Plan.Key == plan.Key && Live.Extras() == extras => new Refusal(extras == PlanExtras.None ? "plan.current" : "extras.unchanged"),
            _ => await Changed(package, Live, zone, cancel),
        };
    }

    /// <summary>What is free of the allowance of a period: not spent, not held, not handed to a seat.</summary>
    public IReadOnlyList<LedgerAccount> Unspent(Subscription subscription) =>
        [.. book.Accounts.Where(a => a.Code is LedgerCodes.Allowance or LedgerCodes.Pool && a.Unit == subscription.Plan.IncludedUnit
            && a.ExpiresAt == subscription.PeriodEnd && a.Balance > a.Held)];

    public InvoiceDraft.Line? CreditLine(PlanQuote quote) => quote.CreditNanos == 0 || Live is null
        ? null
        : new InvoiceDraft.Line("credit", Live.Plan.Key, -quote.CreditNanos, quote.From, Live.PeriodEnd);

    private PlanQuote Renewal(Package package, (DateTimeOffset From, DateTimeOffset To) period) => Charged(PlanChangeKind.Renew, package, period.From, period.To);

    /// <summary>What costs more by the list begins now, unless coupons make it cheaper than what the running period is still worth; the rest waits for its end.</summary>
    private async Task<PlanQuote> Changed(Package package, Subscription live, TimeZoneInfo zone, CancellationToken cancel)
    {
        if (package.Price.List > PeriodPrice.Of(live.Plan, live.Extras(), []).List)
        {
            var period = await db.SubscriptionPeriods.AsNoTracking().SingleAsync(p => p.SubscriptionId == live.Id && p.Start == live.PeriodStart, cancel);
            var upgrade = Upgrade(package, live, period, zone);
            if (upgrade.Credit <= package.Price.Amount)
            {
                return upgrade;
            }
        }

        return Quoted(PlanChangeKind.NextPeriod, package, live.PeriodEnd, BillingPeriods.End(live.Anchor, live.PeriodEnd, package.Plan.PeriodMonths, zone), 0, 0, 0);
    }

    private PlanQuote Upgrade(Package package, Subscription live, SubscriptionPeriod period, TimeZoneInfo zone)
    {
        // Of two changes in one second the second begins in the next: no period is empty.
        var from = at > live.PeriodStart ? at : live.PeriodStart.AddSeconds(1);
        var unspent = Unspent(live).Sum(a => a.Balance - a.Held);
        var credit = Proration.CreditNanos(period.FeeNanos, live.PeriodStart, live.PeriodEnd, from, unspent, period.Units);
        return Charged(PlanChangeKind.Upgrade, package, from, BillingPeriods.End(from, from, package.Plan.PeriodMonths, zone), credit, unspent);
    }

    /// <summary>What the account has added to a plan, or will have from the next period on; nothing to another plan.</summary>
    private async Task<PlanExtras> Added(Plan plan, CancellationToken cancel)
    {
        if (Live is null)
        {
            return PlanExtras.None;
        }

        var due = Live.PeriodEnd <= at;
        var next = due && Live.NextPlanId is { } id ? await db.Plans.AsNoTracking().SingleAsync(p => p.Id == id, cancel) : Live.Plan;
        var extras = due ? Live.NextExtras() : Live.Extras();
        return next.Key == plan.Key && extras.WhyNot(plan) is null ? extras : PlanExtras.None;
    }

    private PlanQuote Charged(PlanChangeKind kind, Package package, DateTimeOffset from, DateTimeOffset to, long credit = 0, long takenBack = 0)
    {
        var quote = Quoted(kind, package, from, to, credit, 0, takenBack);
        var total = PaidPeriod.Draft(book.WalletId, Guid.Empty, package.Price, from, to, CreditLine(quote)).TotalNanos;
        return quote with { TotalNanos = total };
    }

    private PlanQuote Quoted(PlanChangeKind kind, Package package, DateTimeOffset from, DateTimeOffset to, long credit, long total, long takenBack) => new(
        kind, package.Plan, package.Extras, package.Price, Live?.Plan, Live?.Extras() ?? PlanExtras.None, at, credit, total, from, to, takenBack,
        book.Available(Unit.Money, PaidPeriod.FeeSources, null, at));

    private sealed record Package(Plan Plan, PlanExtras Extras, PeriodPrice Price);
}
