using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Invoices;

/// <summary>A document in a list.</summary>
public sealed record InvoiceSummary(Guid Id, InvoiceKind Kind, string Number, DateTimeOffset IssuedAt, Money Total, InvoiceStatus Status);
