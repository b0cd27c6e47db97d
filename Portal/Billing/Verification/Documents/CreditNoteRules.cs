using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification.Rows;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Billing.Verification.Documents;

/// <summary>Every refund has its adjustment and every adjustment its refund: the credit note, and of a plan's fee the movement. Notes never exceed what they change.</summary>
internal static class CreditNoteRules
{
    private const decimal MinorUnit = Money.NanosPerUnit / 100;

    /// <param name="feeRefunds">What moved plans' fees back.</param>
    /// <param name="since">From when on these were read; null: all were.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, List<TransferRow> feeRefunds, DateTimeOffset? since, CancellationToken cancel)
    {
        var notes = await db.Invoices.Include(i => i.Lines).Where(i => i.Kind == InvoiceKind.CreditNote || i.Kind == InvoiceKind.CreditNoteReversal)
            .OrderBy(i => i.IssuedAt).ThenBy(i => i.Kind).ThenBy(i => i.Sequence).ToListAsync(cancel);
        var refunds = await db.Refunds.ToDictionaryAsync(r => r.Id, cancel);
        return [.. Documented(refunds, notes), .. Moved(refunds, feeRefunds, since), .. await Rests(db, notes, cancel)];
    }

    private static IEnumerable<Finding> Documented(Dictionary<Guid, Refund> refunds, List<Invoice> notes)
    {
        var own = notes.ToLookup(n => Guid.TryParse(n.Reference, out var id) && refunds.ContainsKey(id) ? id : Guid.Empty);
        foreach (var note in own[Guid.Empty])
        {
            yield return new Finding("refund.note", $"Invoices {note.Id}", $"{note.Number} is of '{note.Reference}', which is no refund");
        }

        foreach (var refund in refunds.Values)
        {
            var (written, back) = (own[refund.Id].Count(n => n.Kind == InvoiceKind.CreditNote), own[refund.Id].Count(n => n.Kind == InvoiceKind.CreditNoteReversal));
            var fits = refund.Status == RefundStatus.Succeeded ? (written, back) == (1, 0)
                : refund.Status == RefundStatus.Failed ? written == back && written <= 1
                : (written, back) == (0, 0);
            var amounts = own[refund.Id].All(n => n.TotalNanos == (n.Kind == InvoiceKind.CreditNote ? -refund.AmountNanos : refund.AmountNanos)
                && (refund.InvoiceId is null || n.CreditsId == refund.InvoiceId));
            if (!fits || !amounts)
            {
                yield return new Finding(
                    "refund.note", $"Refunds {refund.Id}",
                    $"{refund.Status} with {refund.AmountNanos} nanos; its {written} credit notes and {back} reversals say {own[refund.Id].Sum(n => (decimal)n.TotalNanos)}");
            }
        }
    }

    private static IEnumerable<Finding> Moved(Dictionary<Guid, Refund> refunds, List<TransferRow> feeRefunds, DateTimeOffset? since)
    {
        var moved = feeRefunds.GroupBy(t => (t.WalletId, Id: Guid.TryParse(t.Reference, out var id) ? id : Guid.Empty)).ToDictionary(g => g.Key, g => g.Sum(t => (decimal)t.Amount));
        foreach (var refund in refunds.Values.Where(r => r.InvoiceId is not null && !(r.ResolvedAt < since)))
        {
            _ = moved.Remove((refund.AccountId, refund.Id), out var sum);
            if (sum != (refund.Status == RefundStatus.Succeeded ? refund.AmountNanos : 0))
            {
                yield return new Finding("refund.fee", $"Refunds {refund.Id}", $"{refund.Status} with {refund.AmountNanos} nanos of a plan's fee, {sum} were given back");
            }
        }

        foreach (var (key, sum) in moved)
        {
            yield return new Finding("refund.fee", $"Transfers {key.WalletId}", $"{sum} nanos of a plan's fee were given back for no refund {key.Id}");
        }
    }

    /// <summary>Document by document, in the order in which the notes were written: each took its share of the tax that was left.</summary>
    private static async Task<IEnumerable<Finding>> Rests(PortalDb db, List<Invoice> notes, CancellationToken cancel)
    {
        var ids = notes.Select(n => n.CreditsId).OfType<Guid>().Distinct().ToList();
        var documents = await db.Invoices.Include(i => i.Lines).Where(i => ids.Contains(i.Id)).ToListAsync(cancel);
        var findings = new List<Finding>();
        foreach (var document in documents)
        {
            var (total, tax) = ((decimal)document.TotalNanos, (decimal)document.TaxNanos);
            var lines = document.Lines.ToDictionary(l => l.Id, l => (decimal)l.AmountNanos);
            foreach (var note in notes.Where(n => n.CreditsId == document.Id))
            {
                var share = note.Kind == InvoiceKind.CreditNote && total != 0 ? -decimal.Round(tax / MinorUnit * -note.TotalNanos / total, MidpointRounding.ToEven) * MinorUnit : note.TaxNanos;
                var strange = note.Lines.Any(l => l.CreditsId is not { } line || !lines.ContainsKey(line));
                foreach (var line in note.Lines.Where(l => l.CreditsId is { } id && lines.ContainsKey(id)))
                {
                    lines[line.CreditsId!.Value] += line.AmountNanos;
                }

                (total, tax) = (total + note.TotalNanos, tax + note.TaxNanos);
                if (strange || share != note.TaxNanos || note.TaxPercent != document.TaxPercent)
                {
                    findings.Add(new Finding("note.share", $"Invoices {note.Id}", $"{note.Number} does not change lines and tax of {document.Number} in proportion"));
                }
            }

            if (total < 0 || (document.TaxNanos >= 0 && tax < 0) || (total == 0 && (tax != 0 || lines.Values.Any(left => left != 0))) || lines.Values.Sum() != total)
            {
                findings.Add(new Finding("note.rest", $"Invoices {document.Id}", $"of {document.Number} {total} nanos with {tax} of tax are left, its lines say {lines.Values.Sum()}"));
            }
        }

        return findings;
    }
}
