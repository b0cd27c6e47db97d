using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Billing.Verification.Rows;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Documents;

/// <summary>Invoices add up, say what was charged and are numbered without a gap; a subscription's periods follow each other.</summary>
internal static class DocumentRules
{
    /// <param name="fees">What was charged for plans.</param>
    /// <param name="since">Invoices and fees of before are left out; null: none is.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, List<TransferRow> fees, DateTimeOffset? since, CancellationToken cancel)
    {
        var invoices = since is { } from ? db.Invoices.Where(i => i.IssuedAt >= from) : db.Invoices;
        return [.. await Totals(invoices, cancel), .. await Taxes(invoices, cancel), .. await Charged(invoices, fees, cancel), .. await Unpaid(db, cancel), .. await Numbers(db, invoices, cancel), .. await Periods(db, cancel)];
    }

    private static async Task<IEnumerable<Finding>> Totals(IQueryable<Invoice> invoices, CancellationToken cancel)
    {
        var wrong = await invoices.Select(i => new { i.Id, i.Number, i.TotalNanos, Sum = i.Lines.Sum(l => l.AmountNanos) })
            .Where(i => i.TotalNanos != i.Sum).OrderBy(i => i.Number).ToListAsync(cancel);
        return wrong.Select(i => new Finding("invoice.total", $"Invoices {i.Id}", $"{i.Number} totals {i.TotalNanos} nanos, its lines {i.Sum}"));
    }

    private static async Task<IEnumerable<Finding>> Taxes(IQueryable<Invoice> invoices, CancellationToken cancel)
    {
        const decimal MinorUnit = Money.NanosPerUnit / 100;
        var taxed = await invoices.Where(i => i.CreditsId == null && (i.Kind == InvoiceKind.Plan || i.TaxNanos != 0)).OrderBy(i => i.Number)
            .Select(i => new { i.Id, i.Number, i.TotalNanos, i.TaxPercent, i.TaxNanos }).ToListAsync(cancel);
        return taxed.Where(i => decimal.Round(i.TotalNanos / MinorUnit * i.TaxPercent / (100 + i.TaxPercent), MidpointRounding.ToEven) * MinorUnit != i.TaxNanos)
            .Select(i => new Finding("invoice.tax", $"Invoices {i.Id}", $"{i.Number} says {i.TaxNanos} nanos of tax in {i.TotalNanos}, which is not {i.TaxPercent} %"));
    }

    private static async Task<IEnumerable<Finding>> Charged(IQueryable<Invoice> invoices, List<TransferRow> fees, CancellationToken cancel)
    {
        var charged = fees.GroupBy(t => (t.WalletId, t.Reference)).ToDictionary(g => g.Key, g => g.Sum(t => (decimal)t.Amount));
        var findings = new List<Finding>();
        var plans = await invoices.Where(i => i.Kind == InvoiceKind.Plan && i.Status == InvoiceStatus.Paid).OrderBy(i => i.Number)
            .Select(i => new { i.Id, i.Number, i.AccountId, i.Reference, i.TotalNanos }).ToListAsync(cancel);
        foreach (var invoice in plans)
        {
            _ = charged.Remove((invoice.AccountId, invoice.Reference), out var sum);
            if (sum != invoice.TotalNanos)
            {
                findings.Add(new Finding("invoice.charged", $"Invoices {invoice.Id}", $"{invoice.Number} totals {invoice.TotalNanos} nanos, {sum} were charged"));
            }
        }

        return [.. findings, .. charged.Select(c => new Finding("fee.unknown", $"Transfers {c.Key.WalletId}", $"{c.Value} nanos were charged for '{c.Key.Reference}', which no invoice says"))];
    }

    /// <summary>An invoice is open exactly while its plan is past due; one that is void says why, nothing was credited on it, and the audit knows who of the staff did it.</summary>
    private static async Task<IEnumerable<Finding>> Unpaid(PortalDb db, CancellationToken cancel)
    {
        var waiting = await db.Subscriptions.Where(s => s.Status == SubscriptionStatus.PastDue).Select(s => new { s.Id, s.AccountId }).ToDictionaryAsync(s => s.AccountId, s => s.Id, cancel);
        var rows = await db.Invoices.Where(i => i.Status != InvoiceStatus.Paid || i.VoidCause != null).OrderBy(i => i.Number).Select(i => new
        {
            i.Id, i.AccountId, i.Kind, i.Number, i.Reference, i.Status, i.VoidCause, Settled = i.SettledAt != null, Credited = db.Invoices.Any(n => n.CreditsId == i.Id),
        }).ToListAsync(cancel);
        var audited = (await db.AuditEntries.Where(a => a.Action == InvoiceVoids.Action).Select(a => a.Subject).ToListAsync(cancel)).ToHashSet();
        var plans = rows.Where(i => i is { Kind: InvoiceKind.Plan, Status: InvoiceStatus.Open });
        var findings = plans.Where(i => !(waiting.Remove(i.AccountId, out var plan) && i.Reference.StartsWith($"{plan:N}:", StringComparison.Ordinal)))
            .Select(i => new Finding("invoice.open", $"Invoices {i.Id}", $"{i.Number} is open, and no plan of its account waits for it")).ToList();
        findings.AddRange(waiting.Select(s => new Finding("invoice.missing", $"Subscriptions {s.Value}", "is past due without an open invoice")));
        findings.AddRange(rows.Where(i => i.Status == InvoiceStatus.Void
                ? i.VoidCause is null || !i.Settled || i.Credited || i.Kind != InvoiceKind.Plan || (i.VoidCause == VoidCause.Support && !audited.Contains($"{i.Id}"))
                : i.VoidCause is not null || i.Settled || i.Credited || i.Kind is not (InvoiceKind.Plan or InvoiceKind.Statement))
            .Select(i => new Finding("invoice.status", $"Invoices {i.Id}", $"{i.Number} is {i.Status} for {i.VoidCause}; it cannot be, was credited, or nobody is on record for it")));
        return findings;
    }

    private static async Task<IEnumerable<Finding>> Numbers(PortalDb db, IQueryable<Invoice> invoices, CancellationToken cancel)
    {
        var wrong = await invoices
            .Where(i => i.Sequence < 1
                || (i.Sequence > 1 && !db.Invoices.Any(p => p.Kind == i.Kind && p.Year == i.Year && p.Sequence == i.Sequence - 1))
                || db.Invoices.Any(o => o.Id != i.Id && o.Kind == i.Kind && o.Year == i.Year && o.Sequence == i.Sequence))
            .OrderBy(i => i.Kind).ThenBy(i => i.Year).ThenBy(i => i.Sequence).Select(i => new { i.Id, i.Number, i.Kind, i.Year, i.Sequence }).ToListAsync(cancel);
        return [.. wrong.Select(i => new Finding("invoice.number", $"Invoices {i.Id}", $"{i.Number} is {i.Kind} {i.Sequence} of {i.Year} and does not follow {i.Sequence - 1}")), .. await Ends(db, cancel)];
    }

    /// <summary>The last document of a series has the last number that was taken: without it no gap would be seen.</summary>
    private static async Task<IEnumerable<Finding>> Ends(PortalDb db, CancellationToken cancel)
    {
        var series = await db.Invoices.GroupBy(i => new { i.Kind, i.Year }).Select(g => new { g.Key.Kind, g.Key.Year, Last = g.Max(i => i.Sequence) }).ToListAsync(cancel);
        var last = series.ToDictionary(s => InvoiceWriter.NumbersOf(s.Kind, s.Year), s => s.Last);
        var taken = await db.Counters.Where(c => c.WalletId == Guid.Empty && c.Key.StartsWith(InvoiceWriter.Numbers)).Select(c => new { c.Key, c.Used }).ToListAsync(cancel);
        return taken.Where(c => last.GetValueOrDefault(c.Key) != c.Used)
            .Select(c => new Finding("invoice.number", $"Counters {c.Key}", $"{c.Used} numbers were taken, the last document has {last.GetValueOrDefault(c.Key)}"));
    }

    private static async Task<IEnumerable<Finding>> Periods(PortalDb db, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        var invoices = new HashSet<(Guid, int)>();
        var (subscription, end) = (Guid.Empty, DateTimeOffset.MinValue);
        var rows = db.SubscriptionPeriods.OrderBy(p => p.SubscriptionId).ThenBy(p => p.Start).Select(p => new { p.SubscriptionId, p.Start, p.End, p.InvoiceId, p.Month });
        await foreach (var p in rows.AsAsyncEnumerable().WithCancellation(cancel))
        {
            var overlaps = p.SubscriptionId == subscription && p.Start < end;
            if ((p.InvoiceId is { } invoice && !invoices.Add((invoice, p.Month))) | p.End <= p.Start | overlaps)
            {
                findings.Add(new Finding(
                    "subscription.period", $"SubscriptionPeriods {p.SubscriptionId} {p.Start:u}", $"up to {p.End:u}, is empty, overlaps an earlier one or shares its invoice"));
            }

            end = overlaps && end > p.End ? end : p.End;
            subscription = p.SubscriptionId;
        }

        return findings;
    }
}
