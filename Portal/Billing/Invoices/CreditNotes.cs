using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Invoices;

/// <summary>
/// What a credit note says of the document that it changes: each line and the tax in proportion to what is left of them. Because the rest is what
/// is split, the note that takes the last of it takes the residue of every rounding before, and all notes add up to the document.
/// </summary>
public static class CreditNotes
{
    /// <summary>A line of a credit note for a top-up; other lines keep their kind.</summary>
    private const string RefundLine = "refund";

    /// <param name="amount">Above zero, whole minor units; at most what is left of the document.</param>
    /// <exception cref="InvalidOperationException">More is to be credited than the document still says: whoever asks has not looked.</exception>
    public static async Task<InvoiceDraft> Draft(PortalDb db, Guid invoiceId, string reference, Money amount, CancellationToken cancel)
    {
        var left = await Left(db, invoiceId, cancel);
        if (amount <= Money.Zero || amount > left.Total)
        {
            throw new InvalidOperationException($"{amount} cannot be credited on {left.Document.Number}, of which {left.Total} is left");
        }

        var lines = Split(left.Lines, left.Total, amount).Where(l => l.Share != 0).Select(l => new InvoiceDraft.Line(
            l.Line.Kind == "topup" ? RefundLine : l.Line.Kind, l.Line.Detail, -l.Share, l.Line.From, l.Line.To, l.Line.Id));
        return new InvoiceDraft(left.Document.AccountId, InvoiceKind.CreditNote, reference, [.. lines])
        {
            Credits = new InvoiceDraft.Credit(invoiceId, left.Document.TaxPercent, -Share(left.Tax, amount, left.Total).Nanos),
        };
    }

    /// <summary>Takes a credit note back: the document is worth again what it was before.</summary>
    /// <param name="note">With its lines.</param>
    public static InvoiceDraft Reversal(Invoice note, string kind) =>
        new(note.AccountId, InvoiceKind.CreditNoteReversal, note.Reference,
            [.. note.Lines.OrderBy(l => l.Id).Select(l => new InvoiceDraft.Line(kind, l.Detail, -l.AmountNanos, l.From, l.To, l.CreditsId))])
        {
            Credits = note.CreditsId is { } id ? new InvoiceDraft.Credit(id, note.TaxPercent, -note.TaxNanos) : null,
        };

    /// <summary>What is left of a document after its credit notes.</summary>
    /// <exception cref="InvalidOperationException">There is no such document.</exception>
    private static async Task<Rest> Left(PortalDb db, Guid invoiceId, CancellationToken cancel)
    {
        var document = await db.Invoices.AsNoTracking().Include(i => i.Lines).SingleAsync(i => i.Id == invoiceId, cancel);
        var notes = await db.Invoices.AsNoTracking().Include(i => i.Lines).Where(i => i.CreditsId == invoiceId).ToListAsync(cancel);
        var credited = notes.SelectMany(n => n.Lines).Where(l => l.CreditsId is not null).ToLookup(l => l.CreditsId!.Value, l => l.AmountNanos);
        var lines = document.Lines.OrderBy(l => l.Id).Select(l => (l, new Money(l.AmountNanos + credited[l.Id].Sum()))).ToList();
        return new Rest(document, lines, new Money(document.TotalNanos + notes.Sum(n => n.TotalNanos)), new Money(document.TaxNanos + notes.Sum(n => n.TaxNanos)));
    }

    /// <summary>Rounds what the lines add up to and not each line: no line gets more than it has, and the shares add up to the amount.</summary>
    private static IEnumerable<(InvoiceLine Line, long Share)> Split(List<(InvoiceLine Line, Money Left)> lines, Money total, Money amount)
    {
        var (sum, given) = (Money.Zero, 0L);
        foreach (var (line, left) in lines)
        {
            sum += left;
            var upTo = Money.FromMinorUnits(decimal.ToInt64(decimal.Floor((decimal)sum.ToMinorUnits() * amount.ToMinorUnits() / total.ToMinorUnits()))).Nanos;
            yield return (line, upTo - given);
            given = upTo;
        }
    }

    private static Money Share(Money of, Money amount, Money total) =>
        Money.FromMinorUnits(decimal.ToInt64(decimal.Round((decimal)of.ToMinorUnits() * amount.ToMinorUnits() / total.ToMinorUnits(), MidpointRounding.ToEven)));

    private sealed record Rest(Invoice Document, List<(InvoiceLine Line, Money Left)> Lines, Money Total, Money Tax);
}
