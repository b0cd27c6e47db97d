namespace Portal.Data.Billing;

public enum InvoiceKind
{
    /// <summary>A plan's period.</summary>
    Plan = 0,

    /// <summary>A receipt for a top-up.</summary>
    TopUp = 1,

    /// <summary>A credit note for a refund.</summary>
    CreditNote = 2,

    /// <summary>Cancels the credit note of a refund that the bank sent back.</summary>
    CreditNoteReversal = 3,
}

/// <summary>A finalized document; its number is gapless within kind and year. Amounts are whole minor units.</summary>
public sealed class Invoice
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public InvoiceKind Kind { get; set; }

    public int Year { get; set; }

    public int Sequence { get; set; }

    /// <summary>E.g. <c>INV-2026-000012</c>; unique.</summary>
    public required string Number { get; set; }

    public DateTimeOffset IssuedAt { get; set; }

    /// <summary>The buyer's name or company title as it was on issue.</summary>
    public required string BuyerName { get; set; }

    /// <summary>Null: none was given. It can be filled in once afterwards, with the title; nothing else of a document changes.</summary>
    public string? BuyerTaxId { get; set; }

    public string? BuyerAddress { get; set; }

    public long TotalNanos { get; set; }

    /// <summary>Per cent of the net amount; 0: the document says nothing of tax.</summary>
    public decimal TaxPercent { get; set; }

    /// <summary>The tax in <see cref="TotalNanos"/>, in whole minor units.</summary>
    public long TaxNanos { get; set; }

    /// <summary>Payment, subscription period or refund that it documents; unique with the kind.</summary>
    public required string Reference { get; set; }

    /// <summary>Of a credit note and of its reversal: the document that it changes.</summary>
    public Guid? CreditsId { get; set; }

    public List<InvoiceLine> Lines { get; set; } = [];
}
