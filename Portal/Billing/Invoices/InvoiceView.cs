using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Invoices;

/// <summary>A document with its lines, in the order in which they were written.</summary>
public sealed record InvoiceView(
    InvoiceKind Kind, string Number, DateTimeOffset IssuedAt, string BuyerName, Money Total, IReadOnlyList<InvoiceView.Line> Lines)
{
    /// <param name="Detail">Of plans in the page's languages: <paramref name="PlanEn"/> and <paramref name="PlanZh"/> are its names.</param>
    public sealed record Line(string Kind, string Detail, string? PlanEn, string? PlanZh, DateTimeOffset? From, DateTimeOffset? To, Money Amount);
}
