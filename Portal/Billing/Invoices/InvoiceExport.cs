using System.Globalization;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Billing.Invoices;

/// <summary>
/// Every line of an account's documents as CSV, oldest first: UTF-8 with a byte order mark, RFC 4180, and no cell that a spreadsheet would run as a
/// formula. The column names do not change with the language.
/// </summary>
public sealed class InvoiceExport(IDbContextFactory<PortalDb> databases)
{
    private static readonly string[] Columns =
        ["number", "kind", "date", "buyer", "tax_id", "line", "detail", "from", "to", "amount", "total", "tax_percent", "tax", "currency"];

    private static readonly CsvWriterOptions Format = CsvWriterOptions.Default with { Injection = CsvInjection.Escape, WriteByteOrderMark = true };

    /// <param name="target">Stays open. Nothing is written when it is refused.</param>
    public async Task<Outcome<Done>> Write(Caller caller, Stream target, CancellationToken cancel = default)
    {
        if (!caller.ManagesBilling)
        {
            return Refusal.Forbidden;
        }

        await using var db = databases.CreateDbContext();
        var zone = TimeZoneInfo.FindSystemTimeZoneById(await db.Accounts.Where(a => a.Id == caller.AccountId).Select(a => a.TimeZone).SingleAsync(cancel));
        var rows = db.Invoices.AsNoTracking().Where(i => i.AccountId == caller.AccountId).OrderBy(i => i.IssuedAt).ThenBy(i => i.Id)
            .SelectMany(i => i.Lines.OrderBy(l => l.Id), (i, l) => new { Document = i, Line = l });
        await using var csv = CsvWriter.Create(target, Format, leaveOpen: true);
        csv.WriteHeader(Columns);
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancel))
        {
            csv.WriteField(row.Document.Number);
            csv.WriteField($"{row.Document.Kind}");
            csv.WriteField(Day(row.Document.IssuedAt, zone));
            csv.WriteField(row.Document.BuyerName);
            csv.WriteField(row.Document.BuyerTaxId ?? "");
            csv.WriteField(row.Line.Kind);
            csv.WriteField(row.Line.Detail);
            csv.WriteField(Day(row.Line.From, zone));
            csv.WriteField(Day(row.Line.To, zone));
            csv.WriteField(new Money(row.Line.AmountNanos).ToTwoDecimals());
            csv.WriteField(new Money(row.Document.TotalNanos).ToTwoDecimals());
            csv.WriteField(row.Document.TaxPercent.ToString("0.##", CultureInfo.InvariantCulture));
            csv.WriteField(new Money(row.Document.TaxNanos).ToTwoDecimals());
            csv.WriteField("CNY");
            await csv.EndRecordAsync(cancel);
        }

        return default(Done);
    }

    private static string Day(DateTimeOffset? at, TimeZoneInfo zone) =>
        at is { } moment ? TimeZoneInfo.ConvertTime(moment, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
}
