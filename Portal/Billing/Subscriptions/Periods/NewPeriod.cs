using Portal.Billing.Invoices;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data.Billing;
using Portal.Data.Catalog;

namespace Portal.Billing.Subscriptions.Periods;

/// <summary>A period that is to be opened.</summary>
/// <param name="Price">Null: nothing is to be paid; it is a trial, or a month of a year that was paid.</param>
internal sealed record NewPeriod(Subscription Subscription, Plan Plan, PlanExtras Extras, PlanTerm Term, PeriodPrice? Price, DateTimeOffset From, DateTimeOffset To)
{
    public DateTimeOffset? TermEnd { get; init; }

    /// <summary>For the period before, negative; null when there is none.</summary>
    public InvoiceDraft.Line? Credit { get; init; }

    /// <summary>Whether the running term goes on with it: what is to happen at its end stays to be done.</summary>
    public bool GoesOn { get; init; }

    /// <summary>What the balance cannot pay now is owed all the same: its invoice is issued, and open.</summary>
    public bool IsOwed { get; init; }

    /// <summary>Of a month of a year that was paid: the year's row.</summary>
    public SubscriptionPeriod? Paid { get; init; }

    /// <summary>Unique for each period of each subscription.</summary>
    public string Reference => ReferenceOf(Subscription.Id, From);

    public long Units => checked(Plan.IncludedUnits + Extras.Tokens);

    /// <summary>What will be charged: whole minor units, in nanos.</summary>
    public InvoiceDraft? Draft => Price is null
        ? null
        : DraftOf(Subscription.AccountId, Reference, Price, From, Term == PlanTerm.Yearly ? TermEnd!.Value : To, Credit);

    public static InvoiceDraft DraftOf(Guid accountId, string reference, PeriodPrice price, DateTimeOffset from, DateTimeOffset to, InvoiceDraft.Line? credit)
    {
        var lines = price.Lines.Select(l => new InvoiceDraft.Line(l.Kind, l.Detail, l.Amount.Nanos, from, to));
        return new InvoiceDraft(accountId, InvoiceKind.Plan, reference, credit is null ? [.. lines] : [.. lines, credit]);
    }

    public static string ReferenceOf(Guid subscriptionId, DateTimeOffset from) => $"{subscriptionId:N}:{from.ToUnixTimeSeconds()}";
}
