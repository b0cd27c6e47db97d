using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Billing.Verification;

/// <summary>Invoices add up and are numbered without a gap; a subscription's periods follow each other.</summary>
internal static class DocumentRules
{
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, CancellationToken cancel) =>
        [.. await Totals(db, cancel), .. await Numbers(db, cancel), .. await Periods(db, cancel)];

    private static async Task<IEnumerable<Finding>> Totals(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Invoices.Select(i => new { i.Id, i.Number, i.TotalNanos, Sum = i.Lines.Sum(l => l.AmountNanos) })
            .Where(i => i.TotalNanos != i.Sum).OrderBy(i => i.Number).ToListAsync(cancel);
        return wrong.Select(i => new Finding("invoice.total", $"Invoices {i.Id}", $"{i.Number} totals {i.TotalNanos} nanos, its lines {i.Sum}"));
    }

    private static async Task<IEnumerable<Finding>> Numbers(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Invoices
            .Where(i => i.Sequence < 1
                || (i.Sequence > 1 && !db.Invoices.Any(p => p.Kind == i.Kind && p.Year == i.Year && p.Sequence == i.Sequence - 1))
                || db.Invoices.Any(o => o.Id != i.Id && o.Kind == i.Kind && o.Year == i.Year && o.Sequence == i.Sequence))
            .OrderBy(i => i.Kind).ThenBy(i => i.Year).ThenBy(i => i.Sequence).Select(i => new { i.Id, i.Number, i.Kind, i.Year, i.Sequence }).ToListAsync(cancel);
        return wrong.Select(i => new Finding("invoice.number", $"Invoices {i.Id}", $"{i.Number} is {i.Kind} {i.Sequence} of {i.Year} and does not follow {i.Sequence - 1}"));
    }

    private static async Task<IEnumerable<Finding>> Periods(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.SubscriptionPeriods
            .Where(p => p.End <= p.Start
                || db.SubscriptionPeriods.Any(o => o.SubscriptionId == p.SubscriptionId && o.Start < p.Start && o.End > p.Start)
                || db.SubscriptionPeriods.Any(o => o.InvoiceId == p.InvoiceId && (o.SubscriptionId != p.SubscriptionId || o.Start < p.Start)))
            .OrderBy(p => p.Start).Select(p => new { p.SubscriptionId, p.Start, p.End }).ToListAsync(cancel);
        return wrong.Select(p => new Finding("subscription.period", $"SubscriptionPeriods {p.SubscriptionId} {p.Start:u}", $"up to {p.End:u}, is empty, overlaps an earlier one or shares its invoice"));
    }
}
