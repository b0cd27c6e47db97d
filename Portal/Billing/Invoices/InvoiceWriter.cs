using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;

namespace Portal.Billing.Invoices;

/// <summary>
/// Issues documents: invoices, receipts and credit notes. Numbers are gapless within kind and year, because a number is
/// taken in the transaction of what it documents and given back when that is rolled back.
/// </summary>
public static class InvoiceWriter
{
    /// <summary>What the counters of numbers begin with; the kind and the year follow.</summary>
    internal const string Numbers = "number:";

    /// <summary>
    /// Adds the document to the transaction. Call it last: from here on, whoever issues a document of the kind waits for
    /// this commit. Unless the document is open, the caller has moved <see cref="InvoiceDraft.TotalNanos"/>; the residue of rounding is booked here.
    /// </summary>
    /// <returns>The document; the one that is there already when the reference has one, paid from now on if it was open.</returns>
    /// <exception cref="InvalidOperationException">There is no such account.</exception>
    public static async Task<Invoice> Issue(LedgerTransaction transaction, InvoiceDraft draft, CancellationToken cancel = default) =>
        (await Issue(transaction, [draft], cancel))[0];

    /// <summary>As for one, with as many questions to the database as for one.</summary>
    /// <param name="drafts">Of references that differ.</param>
    /// <returns>The documents in the order of the drafts.</returns>
    public static async Task<IReadOnlyList<Invoice>> Issue(LedgerTransaction transaction, IReadOnlyList<InvoiceDraft> drafts, CancellationToken cancel = default)
    {
        if (drafts.Count == 0)
        {
            return [];
        }

        var db = transaction.Db;
        await transaction.Lock(drafts.Select(d => d.AccountId), cancel);
        var (kinds, references) = (drafts.Select(d => d.Kind).Distinct().ToList(), drafts.Select(d => d.Reference).ToList());
        var documents = await db.Invoices.Include(i => i.Lines)
            .Where(i => kinds.Contains(i.Kind) && references.Contains(i.Reference) && i.Status != InvoiceStatus.Void).ToDictionaryAsync(i => (i.Kind, i.Reference), cancel);
        var fresh = drafts.Where(d => !documents.ContainsKey((d.Kind, d.Reference))).ToList();
        var paid = drafts.Where(d => !d.Open && documents.GetValueOrDefault((d.Kind, d.Reference)) is { Status: InvoiceStatus.Open }).ToList();
        if (fresh.Count + paid.Count > 0)
        {
            await BookResidues(transaction, [.. fresh.Where(d => !d.Open), .. paid], cancel);
            paid.ForEach(d => documents[(d.Kind, d.Reference)].Settle(null, transaction.Now));
            foreach (var invoice in await Write(transaction, fresh, cancel))
            {
                documents.Add((invoice.Kind, invoice.Reference), invoice);
            }

            await db.SaveChangesAsync(cancel);
        }

        return [.. drafts.Select(d => documents[(d.Kind, d.Reference)])];
    }

    /// <summary>The counter whose <see cref="Counter.Used"/> is the last number of a series.</summary>
    internal static string NumbersOf(InvoiceKind kind, int year) => string.Create(CultureInfo.InvariantCulture, $"{Numbers}{kind}:{year}");

    private static async Task<List<Invoice>> Write(LedgerTransaction transaction, List<InvoiceDraft> drafts, CancellationToken cancel)
    {
        var db = transaction.Db;
        var percent = await CatalogReader.CardsAt(db, transaction.Now).Select(c => c.TaxPercent).FirstOrDefaultAsync(cancel);
        var ids = drafts.Select(d => d.AccountId).Distinct().ToList();
        var buyers = await db.Accounts.AsNoTracking().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, cancel);
        var written = new List<Invoice>(drafts.Count);

        // Series in one order, whoever takes numbers of several: none waits for another in a circle.
        foreach (var series in drafts.GroupBy(d => (d.Kind, Year: YearOf(BuyerOf(buyers, d), transaction.Now))).OrderBy(s => s.Key))
        {
            var sequence = await TakeNumbers(db, series.Key.Kind, series.Key.Year, series.Count(), cancel);
            written.AddRange(series.Select((draft, place) => ToRow(draft, buyers[draft.AccountId], series.Key.Year, sequence + place, percent, transaction.Now)));
        }

        db.Invoices.AddRange(written);
        return written;
    }

    private static Account BuyerOf(Dictionary<Guid, Account> buyers, InvoiceDraft draft) =>
        buyers.GetValueOrDefault(draft.AccountId) ?? throw new InvalidOperationException($"account {draft.AccountId} does not exist");

    private static Invoice ToRow(InvoiceDraft draft, Account buyer, int year, int sequence, decimal percent, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        AccountId = draft.AccountId,
        Kind = draft.Kind,
        Year = year,
        Sequence = sequence,
        Number = string.Create(CultureInfo.InvariantCulture, $"{Prefix(draft.Kind)}-{year:0000}-{sequence:000000}"),
        IssuedAt = now,
        BuyerName = buyer.BuyerTitle ?? buyer.Name,
        BuyerTaxId = buyer.BuyerTaxId,
        BuyerAddress = buyer.BuyerAddress,
        TotalNanos = draft.TotalNanos,
        TaxPercent = draft.Credits?.TaxPercent ?? (draft.Kind == InvoiceKind.Plan ? percent : 0),
        TaxNanos = draft.Credits?.TaxNanos ?? draft.TaxNanos(percent),
        CreditsId = draft.Credits?.InvoiceId,
        Status = draft.Open ? InvoiceStatus.Open : InvoiceStatus.Paid,
        Reference = draft.Reference,
        Lines = [.. draft.Lines.Zip(draft.RoundedLines(), ToRow)],
    };

    private static InvoiceLine ToRow(InvoiceDraft.Line line, long rounded) =>
        new() { Kind = line.Kind, Detail = line.Detail, From = line.From, To = line.To, AmountNanos = rounded, CreditsId = line.CreditsId };

    /// <summary>The calendar year where the buyer is: the date on the document and its number agree.</summary>
    private static int YearOf(Account buyer, DateTimeOffset now) => LocalDays.DayOf(now, LocalDays.Zone(buyer.TimeZone)).Year;

    private static string Prefix(InvoiceKind kind) => kind switch
    {
        InvoiceKind.Plan => "INV",
        InvoiceKind.TopUp => "RCP",
        InvoiceKind.CreditNote => "CN",
        InvoiceKind.CreditNoteReversal => "CNR",
        InvoiceKind.Statement => "STM",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such document"),
    };

    private static async Task BookResidues(LedgerTransaction transaction, List<InvoiceDraft> drafts, CancellationToken cancel)
    {
        var residues = drafts.Where(d => d.TotalNanos != d.ExactNanos).Select(ResidueOf).ToList();
        if (residues.Count > 0)
        {
            foreach (var booked in await transaction.Apply(residues, cancel))
            {
                _ = booked.Value;
            }
        }
    }

    /// <summary>The customer paid the rounded total; what was earned is the exact one.</summary>
    private static Move ResidueOf(InvoiceDraft draft)
    {
        var residue = draft.TotalNanos - draft.ExactNanos;
        var revenue = new AccountRef(LedgerCodes.RevenuePlan, Unit.Money);
        var rounding = new AccountRef(LedgerCodes.Rounding, Unit.Money);
        var leg = residue > 0 ? new Leg(revenue, rounding, residue, "rounding") : new Leg(rounding, revenue, -residue, "rounding");
        return new Move(draft.AccountId, $"rounding:{(int)draft.Kind}:{draft.Reference}", draft.Reference, [leg]);
    }

    /// <returns>The first of as many numbers in a row.</returns>
    private static async Task<int> TakeNumbers(PortalDb db, InvoiceKind kind, int year, int count, CancellationToken cancel)
    {
        var key = NumbersOf(kind, year);
        var last = db.Counters.Where(c => c.WalletId == Guid.Empty && c.Key == key);

        // The update locks the row until the commit, so numbers are handed out in the order of commits.
        if (await Raise(last, count, cancel) == 0)
        {
            await OpenYear(db, key, cancel);
            if (await Raise(last, count, cancel) != 1)
            {
                throw new InvalidOperationException($"no counter {key}");
            }
        }

        return checked((int)await last.Select(c => c.Used).SingleAsync(cancel) - count + 1);
    }

    private static Task<int> Raise(IQueryable<Counter> last, int count, CancellationToken cancel) =>
        last.ExecuteUpdateAsync(set => set.SetProperty(c => c.Used, c => c.Used + count), cancel);

    private static async Task OpenYear(PortalDb db, string key, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        var counter = db.Counters.Add(new Counter { WalletId = Guid.Empty, Key = key });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // Somebody else opened the year in this moment; EF has gone back to the savepoint before the insert.
        }

        counter.State = EntityState.Detached;
    }
}
