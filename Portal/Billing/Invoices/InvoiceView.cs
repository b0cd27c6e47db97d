using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Invoices;

/// <summary>A document with its lines, in the order in which they were written.</summary>
public sealed record InvoiceView(
    Guid Id, InvoiceKind Kind, string Number, DateTimeOffset IssuedAt, string TimeZone, BuyerDetails Buyer, Money Total, decimal TaxPercent, Money Tax,
    IReadOnlyList<InvoiceView.Line> Lines)
{
    public Money Net => Total - Tax;

    /// <summary>An invoice or a receipt that names no tax id yet.</summary>
    public bool CanBeFilledIn => Buyer.TaxId is null && Kind is (InvoiceKind.Plan or InvoiceKind.TopUp);

    /// <param name="Detail">Of plans in the page's languages: <paramref name="PlanEn"/> and <paramref name="PlanZh"/> are its names.</param>
    public sealed record Line(string Kind, string Detail, string? PlanEn, string? PlanZh, DateTimeOffset? From, DateTimeOffset? To, Money Amount);
}
