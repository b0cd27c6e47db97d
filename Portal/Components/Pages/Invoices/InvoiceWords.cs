using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Billing.Invoices;
using Portal.Catalog;
using Portal.Components.Pages.Billing;
using Portal.Data.Billing;

namespace Portal.Components.Pages.Invoices;

/// <summary>What a line of a document says, on the page and on paper.</summary>
internal static class InvoiceWords
{
    /// <summary>Null of what is simply paid, or asks for nothing.</summary>
    public static string? Status(IStringLocalizer<InvoicesText> text, InvoiceStatus status) => status == InvoiceStatus.Paid ? null : text[$"Status{status}"].Value;

    /// <summary>What became of a document, or is to be done about it.</summary>
    public static string Foot(IStringLocalizer<InvoicesText> text, InvoiceView invoice) =>
        text[$"Foot{invoice.VoidCause?.ToString() ?? (invoice.Status == InvoiceStatus.Open ? "Open" : "") + invoice.Kind}"];

    public static string Of(IStringLocalizer<InvoicesText> text, InvoiceView.Line line)
    {
        var detail = line.PlanEn is not null ? PlanNames.Choose(line.PlanEn, line.PlanZh!)
            : long.TryParse(line.Detail, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && line.Kind.StartsWith("extra-", StringComparison.Ordinal)
            ? count.ToString("N0", CultureInfo.CurrentCulture)
            : line.Kind.StartsWith("on-account.", StringComparison.Ordinal) ? text.Month(line.Detail)
            : text[$"Factor.{line.Detail}"] is { ResourceNotFound: false } factor ? factor : CardName.Of(line.Detail);
        return text[$"Line.{line.Kind}", detail] is { ResourceNotFound: false } words ? words : detail;
    }
}
