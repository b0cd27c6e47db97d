using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions;

/// <summary>A period of a plan, paid and granted: fee, allowance, invoice and the period's row, together or not at all.</summary>
internal static class PaidPeriod
{
    /// <summary>What pays a plan's fee, in this order.</summary>
    public static readonly IReadOnlyList<string> FeeSources = [LedgerCodes.CreditGranted, LedgerCodes.CreditPurchased, LedgerCodes.Postpaid];

    /// <summary>What this period will be charged: whole minor units, in nanos.</summary>
    /// <param name="credit">For the period before, negative; null when there is none.</param>
    public static InvoiceDraft Draft(Guid accountId, Guid subscriptionId, Plan plan, DateTimeOffset from, DateTimeOffset to, InvoiceDraft.Line? credit = null)
    {
        var fee = new InvoiceDraft.Line("plan", plan.Key, plan.PriceNanos, from, to);
        return new InvoiceDraft(accountId, InvoiceKind.Plan, $"{subscriptionId:N}:{from.ToUnixTimeSeconds()}", credit is null ? [fee] : [fee, credit]);
    }

    /// <summary>Opens it in the caller's transaction and brings the subscription up to it.</summary>
    /// <returns>The refusal of the fee when the balance is short: nothing was opened.</returns>
    public static async Task<Outcome<Invoice>> Open(
        LedgerTransaction transaction, Subscription subscription, Plan plan, DateTimeOffset from, DateTimeOffset to, InvoiceDraft.Line? credit, CancellationToken cancel)
    {
        var draft = Draft(subscription.AccountId, subscription.Id, plan, from, to, credit);
        if (draft.TotalNanos > 0)
        {
            var fee = new Draw(
                subscription.AccountId, $"plan.fee:{draft.Reference}", draft.Reference, "plan.fee", Unit.Money, draft.TotalNanos,
                FeeSources, new AccountRef(LedgerCodes.RevenuePlan, Unit.Money));
            if (!(await transaction.Apply(fee, cancel)).IsDone(out var refusal))
            {
                return refusal;
            }
        }

        var leg = new Leg(
            new AccountRef(LedgerCodes.Issued, plan.IncludedUnit), new AccountRef(LedgerCodes.Allowance, plan.IncludedUnit, ExpiresAt: to), plan.IncludedUnits, "plan.grant");
        if (!(await transaction.Apply(new Move(subscription.AccountId, $"plan.grant:{draft.Reference}", draft.Reference, [leg]), cancel)).IsDone(out var notGranted))
        {
            return notGranted;
        }

        var invoice = await InvoiceWriter.Issue(transaction, draft, cancel);
        transaction.Db.SubscriptionPeriods.Add(new SubscriptionPeriod
        {
            SubscriptionId = subscription.Id, Start = from, End = to, PlanId = plan.Id, InvoiceId = invoice.Id,
        });
        subscription.PlanId = plan.Id;
        subscription.Status = SubscriptionStatus.Active;
        subscription.PeriodStart = from;
        subscription.PeriodEnd = to;
        subscription.NextPlanId = null;
        subscription.CancelAtPeriodEnd = false;
        subscription.PastDueSince = null;
        subscription.Version++;
        return invoice;
    }

    public static async Task<TimeZoneInfo> ZoneOf(PortalDb db, Guid accountId, CancellationToken cancel) =>
        TimeZoneInfo.FindSystemTimeZoneById(await db.Accounts.Where(a => a.Id == accountId).Select(a => a.TimeZone).SingleAsync(cancel));

    /// <summary>The account's subscription that is not canceled; null when there is none.</summary>
    public static Task<Subscription?> Live(PortalDb db, Guid accountId, CancellationToken cancel) =>
        db.Subscriptions.Include(s => s.Plan).FirstOrDefaultAsync(s => s.AccountId == accountId && s.Status != SubscriptionStatus.Canceled, cancel);
}
