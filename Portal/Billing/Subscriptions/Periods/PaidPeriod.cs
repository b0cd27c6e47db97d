using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Subscriptions.Periods;

/// <summary>Periods of plans, paid and granted: fee, allowance, invoice and the period's row, together or not at all.</summary>
internal static class PaidPeriod
{
    /// <summary>The code of the transfers that pay fees; their reference is the invoice's.</summary>
    public const string FeeCode = "plan.fee";

    /// <summary>The code of the transfers that grant allowances; their reference is the period's.</summary>
    public const string GrantCode = "plan.grant";

    /// <summary>What pays a plan's fee, in this order.</summary>
    public static readonly IReadOnlyList<string> FeeSources = [LedgerCodes.CreditGranted, LedgerCodes.CreditPurchased, LedgerCodes.Postpaid];

    /// <summary>The refusal of a fee that the balance cannot pay.</summary>
    public const string Short = "funds.short";

    /// <summary>Opens one in the caller's transaction and brings its subscription up to it.</summary>
    /// <returns>The row; the refusal of the fee when the balance is short: nothing was opened, and what is owed all the same has its invoice.</returns>
    public static async Task<Outcome<SubscriptionPeriod>> Open(LedgerTransaction transaction, NewPeriod period, CancellationToken cancel) =>
        (await Open(transaction, [period], cancel))[0];

    /// <summary>As for one; each is opened or refused by itself.</summary>
    public static async Task<IReadOnlyList<Outcome<SubscriptionPeriod>>> Open(LedgerTransaction transaction, IReadOnlyList<NewPeriod> periods, CancellationToken cancel)
    {
        var drafts = periods.Select(p => p.Draft).ToList();
        var refusals = await Pay(transaction, periods, drafts, cancel);
        var paid = Enumerable.Range(0, periods.Count).Where(i => refusals[i] is null).ToList();
        var granted = await transaction.Apply((List<LedgerCommand>)[.. paid.Select(i => Grant(periods[i]))], cancel);
        foreach (var (place, outcome) in paid.Zip(granted))
        {
            // Whoever asks rolls back: a fee without its allowance must not stay.
            refusals[place] = outcome.Refusal is { } refusal ? throw new InvalidOperationException($"allowance of {periods[place].Reference}: {refusal}") : null;
        }

        await UnpaidInvoices.Replace(transaction, periods, drafts, cancel);
        var owed = Enumerable.Range(0, periods.Count).Where(i => refusals[i]?.Code == Short && periods[i].IsOwed).Select(i => drafts[i]! with { Open = true });
        var due = paid.Select(i => drafts[i]).OfType<InvoiceDraft>();
        var invoices = (await InvoiceWriter.Issue(transaction, [.. due, .. owed], cancel)).ToDictionary(i => i.Reference);
        return
        [
            .. periods.Select((period, i) => refusals[i] is { } refusal
                ? (Outcome<SubscriptionPeriod>)refusal
                : Write(transaction.Db, period, invoices.GetValueOrDefault(period.Reference))),
        ];
    }

    public static async Task<TimeZoneInfo> ZoneOf(PortalDb db, Guid accountId, CancellationToken cancel) =>
        LocalDays.Zone(await db.Accounts.Where(a => a.Id == accountId).Select(a => a.TimeZone).SingleAsync(cancel));

    /// <summary>The account's subscription that is not canceled; null when there is none.</summary>
    public static Task<Subscription?> Live(PortalDb db, Guid accountId, CancellationToken cancel) =>
        db.Subscriptions.Include(s => s.Plan).FirstOrDefaultAsync(s => s.AccountId == accountId && s.Status != SubscriptionStatus.Canceled, cancel);

    private static async Task<Refusal?[]> Pay(LedgerTransaction transaction, IReadOnlyList<NewPeriod> periods, List<InvoiceDraft?> drafts, CancellationToken cancel)
    {
        var refusals = new Refusal?[periods.Count];
        var charged = Enumerable.Range(0, periods.Count).Where(i => drafts[i]?.TotalNanos > 0).ToList();
        var outcomes = await transaction.Apply((List<LedgerCommand>)[.. charged.Select(i => Fee(drafts[i]!))], cancel);
        foreach (var (place, outcome) in charged.Zip(outcomes))
        {
            refusals[place] = outcome.Refusal;
        }

        return refusals;
    }

    private static Draw Fee(InvoiceDraft draft) => new Draw(
        draft.AccountId, $"{FeeCode}:{draft.Reference}", draft.Reference, FeeCode, Unit.Money, draft.TotalNanos, FeeSources, new AccountRef(LedgerCodes.RevenuePlan, Unit.Money));

    private static Move Grant(NewPeriod period)
    {
        var unit = period.Plan.IncludedUnit;
        var leg = new Leg(new AccountRef(LedgerCodes.Issued, unit), new AccountRef(LedgerCodes.Allowance, unit, ExpiresAt: period.To), period.Units, GrantCode);
        return new Move(period.Subscription.AccountId, $"{GrantCode}:{period.Reference}", period.Reference, [leg]);
    }

    private static SubscriptionPeriod Write(PortalDb db, NewPeriod opened, Invoice? invoice)
    {
        var subscription = opened.Subscription;

        // What was paid, not what was asked: a fee that was rounded down would be had back whole, and given away a little at every change.
        var paid = checked((invoice?.TotalNanos ?? 0) - (opened.Credit?.AmountNanos ?? 0));
        var month = opened.Paid is { } before ? before.Month + 1 : 0;
        subscription.TermFeeNanos = opened.Term != PlanTerm.Yearly ? null : opened.Paid is null ? paid : subscription.TermFeeNanos;
        var row = new SubscriptionPeriod
        {
            SubscriptionId = subscription.Id, Start = opened.From, End = opened.To, PaidEnd = opened.To, PlanId = opened.Plan.Id, Units = opened.Units, Month = month,
            FeeNanos = subscription.TermFeeNanos is { } year ? Terms.Share(year, month) : paid, InvoiceId = invoice?.Id ?? opened.Paid?.InvoiceId,
        };
        db.SubscriptionPeriods.Add(row);
        subscription.PlanId = opened.Plan.Id;
        (subscription.ExtraTokens, subscription.ExtraConcurrent) = (opened.Extras.Tokens, opened.Extras.Concurrent);
        (subscription.Term, subscription.TermEnd) = (opened.Term, opened.TermEnd);
        subscription.UnpaidTrial = opened.Price is null && opened.Paid is null;
        subscription.Status = subscription.UnpaidTrial ? SubscriptionStatus.Trialing : SubscriptionStatus.Active;
        (subscription.PeriodStart, subscription.PeriodEnd) = (opened.From, opened.To);
        if (!opened.GoesOn)
        {
            (subscription.NextPlanId, subscription.CancelAtPeriodEnd) = (null, false);
        }

        (subscription.PastDueSince, subscription.CardAttempts, subscription.NextCardAttemptAt, subscription.DeclineCode) = (null, 0, null, null);
        subscription.AgreedNanos = null;
        subscription.Version++;
        return row;
    }
}
