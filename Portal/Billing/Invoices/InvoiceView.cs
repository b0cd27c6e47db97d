using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Invoices;

/// <summary>A document with its lines, in the order in which they were written.</summary>
public sealed record InvoiceView(
    Guid Id, InvoiceKind Kind, string Number, DateTimeOffset IssuedAt, string TimeZone, BuyerDetails Buyer, Money Total, decimal TaxPercent, Money Tax,
    IReadOnlyList<InvoiceView.Line> Lines)
{
    public InvoiceStatus Status { get; init; }

    /// <summary>When it was paid, or became void, after it had been open; null: it is open, or was paid on issue.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Of a void one.</summary>
    public VoidCause? VoidCause { get; init; }

    public Money Net => Total - Tax;

    /// <summary>An invoice, a receipt or a statement that names no tax id yet.</summary>
    public bool CanBeFilledIn => Buyer.TaxId is null && Status != InvoiceStatus.Void && Kind is (InvoiceKind.Plan or InvoiceKind.TopUp or InvoiceKind.Statement);

    /// <param name="Detail">Of plans in the page's languages: <paramref name="PlanEn"/> and <paramref name="PlanZh"/> are its names.</param>
    public sealed record Line(string Kind, string Detail, string? PlanEn, string? PlanZh, DateTimeOffset? From, DateTimeOffset? To, Money Amount);
}
