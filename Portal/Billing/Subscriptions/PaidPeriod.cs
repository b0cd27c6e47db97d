using Microsoft.EntityFrameworkCore;
using Portal.Billing.Coupons;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions;

/// <summary>A period of a plan, paid and granted: fee, allowance, invoice and the period's row, together or not at all.</summary>
internal static class PaidPeriod
{
    /// <summary>The code of the transfers that pay fees; their reference is the invoice's.</summary>
    public const string FeeCode = "plan.fee";

    /// <summary>What pays a plan's fee, in this order.</summary>
    public static readonly IReadOnlyList<string> FeeSources = [LedgerCodes.CreditGranted, LedgerCodes.CreditPurchased, LedgerCodes.Postpaid];

    /// <summary>What this period will be charged: whole minor units, in nanos.</summary>
    /// <param name="credit">For the period before, negative; null when there is none.</param>
    public static InvoiceDraft Draft(Guid accountId, Guid subscriptionId, PeriodPrice price, DateTimeOffset from, DateTimeOffset to, InvoiceDraft.Line? credit = null)
    {
        var fee = price.Lines.Select(l => new InvoiceDraft.Line(l.Kind, l.Detail, l.Amount.Nanos, from, to));
        return new InvoiceDraft(accountId, InvoiceKind.Plan, $"{subscriptionId:N}:{from.ToUnixTimeSeconds()}", credit is null ? [.. fee] : [.. fee, credit]);
    }

    /// <summary>What a period that begins at an instant costs an account, with the coupons that it then has.</summary>
    public static async Task<PeriodPrice> Price(PortalDb db, Guid accountId, Plan plan, PlanExtras extras, DateTimeOffset at, CancellationToken cancel) =>
        PeriodPrice.Of(plan, extras, await AccountDiscounts.FactorsAt(db, accountId, at, cancel));

    /// <summary>
    /// What the next period costs: with the coupons of its first moment, as it was shown, however late it is renewed, or with those of now when they
    /// make it cheaper.
    /// </summary>
    public static async Task<PeriodPrice> RenewalPrice(
        PortalDb db, Subscription subscription, Plan plan, PlanExtras extras, DateTimeOffset now, CancellationToken cancel)
    {
        var shown = await Price(db, subscription.AccountId, plan, extras, subscription.PeriodEnd, cancel);
        if (now <= subscription.PeriodEnd)
        {
            return shown;
        }

        var today = await Price(db, subscription.AccountId, plan, extras, now, cancel);
        return today.Amount < shown.Amount ? today : shown;
    }

    /// <summary>What the running period has beyond its plan.</summary>
    public static PlanExtras Extras(this Subscription subscription) => new(subscription.ExtraTokens, subscription.ExtraConcurrent);

    /// <summary>What the next period will have beyond its plan.</summary>
    public static PlanExtras NextExtras(this Subscription subscription) =>
        subscription.NextPlanId is null ? subscription.Extras() : new PlanExtras(subscription.NextExtraTokens, subscription.NextExtraConcurrent);

    /// <summary>Opens it in the caller's transaction and brings the subscription up to it.</summary>
    /// <returns>The refusal of the fee when the balance is short: nothing was opened.</returns>
    public static async Task<Outcome<Invoice>> Open(
        LedgerTransaction transaction, Subscription subscription, Plan plan, PlanExtras extras, PeriodPrice price,
        DateTimeOffset from, DateTimeOffset to, InvoiceDraft.Line? credit, CancellationToken cancel)
    {
        var draft = Draft(subscription.AccountId, subscription.Id, price, from, to, credit);
        var units = checked(plan.IncludedUnits + extras.Tokens);
        if (draft.TotalNanos > 0)
        {
            var fee = new Draw(
                subscription.AccountId, $"{FeeCode}:{draft.Reference}", draft.Reference, FeeCode, Unit.Money, draft.TotalNanos,
                FeeSources, new AccountRef(LedgerCodes.RevenuePlan, Unit.Money));
            if (!(await transaction.Apply(fee, cancel)).IsDone(out var refusal))
            {
                return refusal;
            }
        }

        var leg = new Leg(
            new AccountRef(LedgerCodes.Issued, plan.IncludedUnit), new AccountRef(LedgerCodes.Allowance, plan.IncludedUnit, ExpiresAt: to), units, "plan.grant");
        if (!(await transaction.Apply(new Move(subscription.AccountId, $"plan.grant:{draft.Reference}", draft.Reference, [leg]), cancel)).IsDone(out var notGranted))
        {
            return notGranted;
        }

        // What was paid, not what was asked: a fee that was rounded down would be had back whole, and given away a little at every change.
        var paid = checked(draft.TotalNanos - (credit?.AmountNanos ?? 0));
        var invoice = await InvoiceWriter.Issue(transaction, draft, cancel);
        transaction.Db.SubscriptionPeriods.Add(new SubscriptionPeriod
        {
            SubscriptionId = subscription.Id, Start = from, End = to, PlanId = plan.Id, FeeNanos = paid, Units = units, InvoiceId = invoice.Id,
        });
        subscription.PlanId = plan.Id;
        subscription.ExtraTokens = extras.Tokens;
        subscription.ExtraConcurrent = extras.Concurrent;
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
