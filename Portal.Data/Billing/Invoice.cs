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

    /// <summary>What was owed for use on account when a month was over.</summary>
    Statement = 4,
}

public enum InvoiceStatus
{
    /// <summary>Settled, or a document that nothing is to be paid for.</summary>
    Paid = 0,

    /// <summary>Numbered, and still to be paid.</summary>
    Open = 1,

    /// <summary>Was open and is to be paid no more; its number stays.</summary>
    Void = 2,
}

public enum VoidCause
{
    /// <summary>Another invoice asks for something else instead.</summary>
    Replaced = 0,

    /// <summary>The plan ended before it was paid.</summary>
    PlanEnded = 1,

    /// <summary>The staff made it void.</summary>
    Support = 2,
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

    /// <summary>Payment, subscription period, month or refund that it documents; unique with the kind among those that are not void.</summary>
    public required string Reference { get; set; }

    public InvoiceStatus Status { get; set; }

    /// <summary>When an open one was paid or became void; null: it is open, or was paid on issue.</summary>
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>Of a void one.</summary>
    public VoidCause? VoidCause { get; set; }

    /// <summary>Of a credit note and of its reversal: the document that it changes.</summary>
    public Guid? CreditsId { get; set; }

    public List<InvoiceLine> Lines { get; set; } = [];

    /// <summary>Ends an open one; of any other it changes nothing.</summary>
    /// <param name="cause">Null: it was paid.</param>
    public void Settle(VoidCause? cause, DateTimeOffset now)
    {
        if (Status == InvoiceStatus.Open)
        {
            (Status, VoidCause, SettledAt) = (cause is null ? InvoiceStatus.Paid : InvoiceStatus.Void, cause, now);
        }
    }
}
