using Portal.Accounts;
using Portal.Billing.Invoices;
using Portal.Components.Documents;

namespace Portal.Components.Pages.Invoices;

/// <summary>Documents as files, for whoever is signed in.</summary>
internal static class InvoiceDownloads
{
    public const string LinesPath = "/invoices/lines.csv";

    public static string PdfPath(Guid id) => $"/invoices/{id}/document.pdf";

    public static void MapInvoiceDownloads(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/invoices/{id:guid}/document.pdf", async (Guid id, HttpContext http, Callers callers, InvoiceReader reader, InvoicePdf pdf, CancellationToken cancel) =>
        {
            if (await callers.Resolve(http.User, cancel) is not { } caller)
            {
                return Results.Unauthorized();
            }

            return (await reader.Read(caller, id, cancel)).IsDone(out _, out var invoice)
                ? Results.File(pdf.Write(invoice), "application/pdf", $"{invoice.Number}.pdf")
                : Results.NotFound();
        }).ExcludeFromDescription();
        routes.MapGet(LinesPath, async (HttpContext http, Callers callers, InvoiceExport export, CancellationToken cancel) =>
        {
            if (await callers.Resolve(http.User, cancel) is not { } caller)
            {
                return Results.Unauthorized();
            }

            if (!caller.ManagesBilling)
            {
                return Results.NotFound();
            }

            return Results.Stream(target => export.Write(caller, target, cancel), Csv.ContentType, "invoices.csv");
        }).ExcludeFromDescription();
    }
}
