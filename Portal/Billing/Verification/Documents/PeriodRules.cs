using Microsoft.EntityFrameworkCore;
using Portal.Billing.Subscriptions;
using Portal.Billing.Subscriptions.Periods;
using Portal.Billing.Verification.Rows;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Billing.Verification.Documents;

/// <summary>
/// What a period says was paid for it is what its invoice says; the months of a year that was paid at once add up to it; and what an upgrade credited
/// is what was left of the period that it cut short: of its paid days, of what refunds left of its fee, and of the allowance that was taken back.
/// </summary>
internal static class PeriodRules
{
    private const long MinorUnit = Money.NanosPerUnit / 100;

    /// <summary>Nanos that a year's shares, and a year that a refund lowered, can lose by rounding down.</summary>
    private const long Roundings = Terms.Months;

    /// <param name="takenBack">What upgrades took back of allowances.</param>
    /// <param name="since">Periods whose invoice is older are left out; null: none is.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, List<TransferRow> takenBack, DateTimeOffset? since, CancellationToken cancel)
    {
        var units = takenBack.GroupBy(t => t.Reference!).ToDictionary(g => g.Key, g => g.Sum(t => t.Amount));
        var refunds = await db.Refunds.Where(r => r.InvoiceId != null && r.Status == RefundStatus.Succeeded).GroupBy(r => r.InvoiceId!.Value)
            .Select(g => new { g.Key, Sum = g.Sum(r => r.AmountNanos) }).ToDictionaryAsync(g => g.Key, g => g.Sum, cancel);
        var findings = new List<Finding>();
        Facts? before = null;
        await foreach (var row in Rows(db).AsAsyncEnumerable().WithCancellation(cancel))
        {
            var facts = Facts.Of(row, before, units, row.Invoice is { } invoice ? refunds.GetValueOrDefault(invoice.Id) : 0);
            before = facts;
            if (!(row.Invoice?.IssuedAt < since))
            {
                findings.AddRange(facts.Check());
            }
        }

        return findings;
    }

    private static IQueryable<Row> Rows(PortalDb db) =>
        from p in db.SubscriptionPeriods
        join i in db.Invoices on p.InvoiceId equals (Guid?)i.Id into invoices
        from i in invoices.DefaultIfEmpty()
        orderby p.SubscriptionId, p.Start
        select new Row(
            p,
            i == null ? null : new Document(i.Id, i.Number, i.IssuedAt, i.TotalNanos, i.Lines.Where(l => l.Kind == "credit").Sum(l => l.AmountNanos), i.Lines.Count(), i.Lines.Max(l => l.To)),
            db.Subscriptions.Any(s => s.Id == p.SubscriptionId && s.PeriodStart == p.Start && s.Status != SubscriptionStatus.Canceled),
            db.Subscriptions.Where(s => s.Id == p.SubscriptionId).Select(s => s.TermFeeNanos).FirstOrDefault());

    /// <param name="Credits">The sum of its credit lines, 0 or less.</param>
    /// <param name="Until">Of a year that it paid the year's end, unless days were given on top.</param>
    private sealed record Document(Guid Id, string Number, DateTimeOffset IssuedAt, long TotalNanos, long Credits, int Lines, DateTimeOffset? Until);

    /// <param name="Runs">It is its subscription's running one.</param>
    /// <param name="TermFee">The subscription's.</param>
    private sealed record Row(SubscriptionPeriod Period, Document? Invoice, bool Runs, long? TermFee);

    /// <summary>Nanos that are known to be within.</summary>
    private readonly record struct Span(long Least, long Most)
    {
        public bool Has(long nanos, long tolerance = 0) => nanos >= Least - tolerance && nanos <= Most + tolerance;

        public Span Map(Func<long, long> map) => new(map(Least), map(Most));
    }

    /// <summary>A period and what follows from the one before it.</summary>
    /// <param name="Credit">What the invoice must credit for the period before.</param>
    /// <param name="Paid">With the invoice, that credit included.</param>
    /// <param name="Refunded">Of the invoice.</param>
    /// <param name="Fees">Of the invoice's months up to this one.</param>
    private sealed record Facts(Row Row, Span Credit, Span Paid, long Refunded, long Fees)
    {
        private SubscriptionPeriod Period => Row.Period;

        private bool IsWhole => Period.Month == 0 && Paid.Has(Period.FeeNanos);

        public static Facts Of(Row row, Facts? before, Dictionary<string, long> takenBack, long refunded)
        {
            before = before?.Period.SubscriptionId == row.Period.SubscriptionId ? before : null;
            if (row.Invoice is not { } invoice)
            {
                return new Facts(row, default, default, 0, row.Period.FeeNanos);
            }

            if (before?.Row.Invoice?.Id == invoice.Id)
            {
                return new Facts(row, before.Credit, before.Paid, refunded, checked(before.Fees + row.Period.FeeNanos));
            }

            var credit = before?.Left(row.Period.Start, takenBack) ?? default;
            return new Facts(row, credit, credit.Map(nanos => checked(invoice.TotalNanos + nanos)), refunded, row.Period.FeeNanos);
        }

        public IEnumerable<Finding> Check()
        {
            var shares = Paid.Map(nanos => Terms.Share(nanos, Period.Month));
            var lowered = Period.Month > 0 && Refunded > 0 && Period.FeeNanos >= 0 && Period.FeeNanos <= shares.Most;
            if (!(IsWhole || shares.Has(Period.FeeNanos, 1) || lowered) || Period.ReturnedNanos < 0 || Period.ReturnedNanos > Math.Min(Period.FeeNanos, Refunded))
            {
                yield return new Finding(
                    "period.fee", $"SubscriptionPeriods {Period.SubscriptionId} {Period.Start:u}",
                    $"says that {Period.FeeNanos} nanos were paid and {Period.ReturnedNanos} given back; {Row.Invoice?.Number ?? "no invoice"} says {Paid.Most} and {Refunded}");
            }

            // The exact credit is a line in whole minor units, and the last one: it has the residue of all of them.
            if (Row.Invoice is { } invoice && Period.Month == 0 && !Credit.Has(-invoice.Credits, Credit.Most == 0 && invoice.Credits == 0 ? 0 : invoice.Lines * MinorUnit))
            {
                yield return new Finding("invoice.credit", $"Invoices {invoice.Id}", $"{invoice.Number} credits {-invoice.Credits} nanos, {Credit.Most} were left of the period before");
            }

            var year = Row.TermFee is { } fee ? Fees + Terms.Rest(fee, Period.Month) : (long?)null;
            if (Row.Runs && (year is { } sum ? sum > Paid.Most + Roundings || sum < Paid.Least - Refunded - Roundings : !IsWhole))
            {
                yield return new Finding(
                    "subscription.term-fee", $"Subscriptions {Period.SubscriptionId}", $"says {Row.TermFee} nanos for its term; with {Fees} for its months that is not {Paid.Most} less {Refunded}");
            }
        }

        /// <summary>
        /// What leaving this period credits; of a year that a refund lowered only the most of it is known, and so it is of one that may have been over: the
        /// months that an outage kept from being opened are not credited.
        /// </summary>
        private Span Left(DateTimeOffset at, Dictionary<string, long> takenBack)
        {
            var taken = takenBack.GetValueOrDefault(NewPeriod.ReferenceOf(Period.SubscriptionId, Period.Start));
            var share = Period.PaidEnd > Period.Start && Period.Units > 0
                ? Proration.CreditNanos(Period.WorthNanos, Period.Start, Period.PaidEnd, at, taken, Period.Units)
                : 0;
            var doubtful = Refunded > 0 || Row.Invoice?.Until <= at;
            return IsWhole ? new Span(share, share) : new Span(share + (doubtful ? 0 : Terms.Rest(Paid.Least, Period.Month)), share + Terms.Rest(Paid.Most, Period.Month));
        }
    }
}
