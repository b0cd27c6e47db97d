using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Invoices;

/// <summary>Every line of an account's documents as CSV, oldest first.</summary>
public sealed class InvoiceExport(IDbContextFactory<PortalDb> databases)
{
    private static readonly string[] Columns =
        ["number", "kind", "date", "buyer", "tax_id", "line", "detail", "from", "to", "amount", "total", "tax_percent", "tax", "currency", "status"];

    /// <param name="target">Stays open. Nothing is written when it is refused.</param>
    public async Task<Outcome<Done>> Write(Caller caller, Stream target, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.ManageBilling) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var zone = LocalDays.Zone(await db.Accounts.Where(a => a.Id == caller.AccountId).Select(a => a.TimeZone).SingleAsync(cancel));
        var rows = db.Invoices.AsNoTracking().Where(i => i.AccountId == caller.AccountId).OrderBy(i => i.IssuedAt).ThenBy(i => i.Id)
            .SelectMany(i => i.Lines.OrderBy(l => l.Id), (i, l) => new Row(i, l));
        await using var csv = new Csv(target, Columns);
        await foreach (var (document, line) in rows.AsAsyncEnumerable().WithCancellation(cancel))
        {
            await csv.Row(
                cancel, document.Number, document.Kind, Day(document.IssuedAt, zone), document.BuyerName, document.BuyerTaxId, line.Kind, line.Detail,
                Day(line.From, zone), Day(line.To, zone), new Money(line.AmountNanos).ToTwoDecimals(), new Money(document.TotalNanos).ToTwoDecimals(),
                document.TaxPercent.ToString("0.##", CultureInfo.InvariantCulture), new Money(document.TaxNanos).ToTwoDecimals(), "CNY",
                document.Kind is InvoiceKind.Plan or InvoiceKind.Statement ? $"{document.Status}".ToLowerInvariant() : null);
        }

        return default(Done);
    }

    private static string Day(DateTimeOffset? at, TimeZoneInfo zone) =>
        at is { } moment ? LocalDays.DayOf(moment, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";

    private sealed record Row(Invoice Document, InvoiceLine Line);
}
