using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Billing.Invoices;
using Portal.Components.Pages.Invoices;
using Portal.Components.Shared;
using Portal.Components.Shared.Amounts;

namespace Portal.Components.Documents;

/// <summary>A document as a PDF file (A4), in the language of the request. It says what the page says.</summary>
public sealed class InvoicePdf(IStringLocalizer<InvoicesText> text, IStringLocalizer<SharedText> shared, IOptions<SellerOptions> seller)
{
    private const double AmountWidth = 110;

    private static readonly Document.Style Name = new(14, Bold: true);
    private static readonly Document.Style Kind = new(18, Bold: true);
    private static readonly Document.Style Plain = new(11);
    private static readonly Document.Style Fine = new(9, Muted: true);
    private static readonly Document.Style Strong = new(13, Bold: true);

    public byte[] Write(InvoiceView invoice)
    {
        var page = new Document();
        WriteHead(page, invoice);
        WriteLines(page, invoice);
        WriteTotals(page, invoice);
        page.Down(28);
        page.Need(40);
        page.Write(InvoiceWords.Foot(text, invoice), Fine, Document.Left, Document.Right - Document.Left);
        return page.ToPdf(invoice.Number, seller.Value.Name, invoice.IssuedAt);
    }

    private void WriteHead(Document page, InvoiceView invoice)
    {
        var half = (Document.Right - Document.Left) / 2;
        page.WriteRight(text[$"Kind{invoice.Kind}"], Kind);
        page.Down(page.Write(seller.Value.Name, Name, Document.Left, half));
        Small(page, seller.Value.Address, Document.Left, half);
        Small(page, seller.Value.TaxId.Length == 0 ? "" : $"{text["TaxId"]} {seller.Value.TaxId}", Document.Left, half);
        page.Down(24);
        Field(page, text["Number"], invoice.Number);
        Field(page, text["Date"], Day(invoice, invoice.IssuedAt));
        Field(page, text["Status"], InvoiceWords.Status(text, invoice.Status));
        Field(page, text["Settled"], invoice.SettledAt is { } settled ? Day(invoice, settled) : null);
        Field(page, text["Buyer"], invoice.Buyer.Title);
        Field(page, text["TaxId"], invoice.Buyer.TaxId);
        Field(page, text["Address"], invoice.Buyer.Address);
        page.Down(18);
    }

    private void WriteLines(Document page, InvoiceView invoice)
    {
        page.WriteRight(text["Amount"], Fine);
        page.Down(page.Write(text["What"], Fine, Document.Left, 200) + 4);
        foreach (var line in invoice.Lines)
        {
            page.Need(60);
            page.Rule();
            page.Down(8);
            page.WriteRight(line.Amount.Write(), Plain);
            page.Down(page.Write(InvoiceWords.Of(text, line), Plain, Document.Left, Document.Right - Document.Left - AmountWidth));
            if (line.From is { } from && line.To is { } to)
            {
                Small(page, $"{Day(invoice, from)} – {Day(invoice, to)}", Document.Left, Document.Right - Document.Left - AmountWidth);
            }

            page.Down(8);
        }

        page.Rule();
        page.Down(10);
    }

    private void WriteTotals(Document page, InvoiceView invoice)
    {
        page.Need(60);
        if (invoice.TaxPercent > 0)
        {
            Sum(page, text["Net"], invoice.Net.Write(), bold: false);
            Sum(page, text["Tax", invoice.TaxPercent.ToString("0.##", CultureInfo.CurrentCulture)], invoice.Tax.Write(), bold: false);
        }

        Sum(page, text["Total"], invoice.Total.Write(), bold: true);
    }

    private static void Sum(Document page, string name, string amount, bool bold)
    {
        var style = bold ? Strong : Plain;
        page.WriteRight(amount, style);
        page.Down(page.Write(name, style, Document.Left, Document.Right - Document.Left - AmountWidth) + 4);
    }

    private static void Field(Document page, string name, string? value)
    {
        const double nameWidth = 110;
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        page.Write(name, Fine, Document.Left, nameWidth);
        page.Down(page.Write(value, Plain, Document.Left + nameWidth, Document.Right - Document.Left - nameWidth) + 2);
    }

    private static void Small(Document page, string words, double x, double width)
    {
        if (words.Length > 0)
        {
            page.Down(page.Write(words, Fine, x, width));
        }
    }

    private string Day(InvoiceView invoice, DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, LocalDays.Zone(invoice.TimeZone)).ToString(shared["TimeDate"], CultureInfo.CurrentCulture);
}
