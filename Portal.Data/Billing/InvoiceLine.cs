namespace Portal.Data.Billing;

public sealed class InvoiceLine
{
    public long Id { get; set; }

    public Guid InvoiceId { get; set; }

    /// <summary>A resource key: <c>plan</c>, <c>topup</c>, <c>refund</c>.</summary>
    public required string Kind { get; set; }

    /// <summary>What the words of the kind are filled with: a plan's key, a card's last digits.</summary>
    public required string Detail { get; set; }

    public DateTimeOffset? From { get; set; }

    public DateTimeOffset? To { get; set; }

    public long AmountNanos { get; set; }

    /// <summary>Of a credit note and of its reversal: the line that it changes. What a line still is worth is its amount and those of all that name it.</summary>
    public long? CreditsId { get; set; }
}
