using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Invoices;

/// <summary>An account's documents, for those who manage its billing.</summary>
public sealed class InvoiceReader(IDbContextFactory<PortalDb> databases)
{
    /// <summary>Newest first.</summary>
    /// <param name="most">The most that are read.</param>
    public async Task<Outcome<IReadOnlyList<InvoiceSummary>>> List(Caller caller, int most, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.ManageBilling) is { } no) return no;
        await using var db = databases.CreateDbContext();
        return await db.Invoices.AsNoTracking().Where(i => i.AccountId == caller.AccountId)
            .OrderByDescending(i => i.IssuedAt).ThenByDescending(i => i.Id).Take(most)
            .Select(i => new InvoiceSummary(i.Id, i.Kind, i.Number, i.IssuedAt, new Money(i.TotalNanos), i.Status)).ToListAsync(cancel);
    }

    /// <returns>Of another account's document as of none: not found.</returns>
    public async Task<Outcome<InvoiceView>> Read(Caller caller, Guid id, CancellationToken cancel = default)
    {
        if (!caller.ManagesBilling)
        {
            return Refusal.NotFound;
        }

        await using var db = databases.CreateDbContext();
        var invoice = await db.Invoices.AsNoTracking().Include(i => i.Lines).FirstOrDefaultAsync(i => i.Id == id && i.AccountId == caller.AccountId, cancel);
        if (invoice is null)
        {
            return Refusal.NotFound;
        }

        var zone = await db.Accounts.Where(a => a.Id == caller.AccountId).Select(a => a.TimeZone).SingleAsync(cancel);
        var keys = invoice.Lines.Select(l => l.Detail).ToList();
        var names = await db.Plans.AsNoTracking().Where(p => keys.Contains(p.Key)).OrderBy(p => p.Version)
            .Select(p => new { p.Key, p.NameEn, p.NameZh }).ToListAsync(cancel);
        var plans = names.GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Last());
        return new InvoiceView(
            invoice.Id, invoice.Kind, invoice.Number, invoice.IssuedAt, zone, new BuyerDetails(invoice.BuyerName, invoice.BuyerTaxId, invoice.BuyerAddress),
            new Money(invoice.TotalNanos), invoice.TaxPercent, new Money(invoice.TaxNanos),
            [.. invoice.Lines.OrderBy(l => l.Id).Select(l => new InvoiceView.Line(
                l.Kind, l.Detail, plans.GetValueOrDefault(l.Detail)?.NameEn, plans.GetValueOrDefault(l.Detail)?.NameZh, l.From, l.To, new Money(l.AmountNanos)))])
        {
            Status = invoice.Status, SettledAt = invoice.SettledAt, VoidCause = invoice.VoidCause,
        };
    }
}
