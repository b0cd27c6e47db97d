using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Invoices;

/// <summary>What a document will say. Lines are exact nanos; the document rounds its total, half-even, to whole minor units.</summary>
/// <param name="Reference">Payment, subscription period or refund that it documents; at most one document of a kind has it.</param>
/// <param name="Lines">One or more; a credit is negative.</param>
public sealed record InvoiceDraft(Guid AccountId, InvoiceKind Kind, string Reference, IReadOnlyList<InvoiceDraft.Line> Lines)
{
    /// <summary>Of a credit note and of its reversal: what it changes, and by how much tax.</summary>
    public Credit? Credits { get; init; }

    /// <summary>Nothing has been paid for it yet.</summary>
    public bool Open { get; init; }

    /// <param name="Kind">A resource key of the invoice page: <c>plan</c>, <c>credit</c>, <c>topup</c>, <c>refund</c>.</param>
    /// <param name="Detail">What its words are filled with: a plan's key, a card's brand and last digits.</param>
    /// <param name="CreditsId">Of a credit note and of its reversal: the line that it changes.</param>
    public sealed record Line(string Kind, string Detail, long AmountNanos, DateTimeOffset? From = null, DateTimeOffset? To = null, long? CreditsId = null);

    /// <param name="TaxNanos">In whole minor units, with the sign of the total.</param>
    public sealed record Credit(Guid InvoiceId, decimal TaxPercent, long TaxNanos);

    public long ExactNanos => Lines.Aggregate(Money.Zero, (sum, line) => sum + new Money(line.AmountNanos)).Nanos;

    /// <summary>What is charged and what the document says: whole minor units, in nanos.</summary>
    public long TotalNanos => ToMinor(ExactNanos);

    /// <summary>Each line in whole minor units; the last absorbs what rounding the others left, so that they add up to the total.</summary>
    public IReadOnlyList<long> RoundedLines()
    {
        var rounded = Lines.Select(line => ToMinor(line.AmountNanos)).ToList();
        rounded[^1] += TotalNanos - rounded.Sum();
        return rounded;
    }

    /// <summary>Whether a document asks for what this one would.</summary>
    /// <param name="invoice">With its lines.</param>
    public bool IsSaidBy(Invoice invoice) =>
        invoice.Reference == Reference && invoice.Lines.OrderBy(l => l.Id).Select(l => (l.Kind, l.Detail, l.From, l.To, l.AmountNanos))
            .SequenceEqual(Lines.Zip(RoundedLines(), (l, rounded) => (l.Kind, l.Detail, l.From, l.To, rounded)));

    /// <summary>The tax that is in the total, in whole minor units. A receipt for prepaid credit has none: it is due when the credit buys something.</summary>
    public long TaxNanos(decimal percent) =>
        Kind == InvoiceKind.Plan
            ? Money.FromMinorUnits(decimal.ToInt64(decimal.Round(new Money(TotalNanos).ToMinorUnits() * percent / (100 + percent), MidpointRounding.ToEven))).Nanos
            : 0;

    private static long ToMinor(long nanos) => Money.FromMinorUnits(new Money(nanos).ToMinorUnits()).Nanos;
}
