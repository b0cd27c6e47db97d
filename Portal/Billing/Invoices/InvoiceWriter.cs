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
    /// <summary>
    /// Adds the document to the transaction. Call it last: from here on, whoever issues a document of the kind waits for
    /// this commit. The caller has moved <see cref="InvoiceDraft.TotalNanos"/>; the residue of rounding is booked here.
    /// </summary>
    /// <returns>The document; the one that is there already when the reference has one.</returns>
    /// <exception cref="InvalidOperationException">There is no such account.</exception>
    public static async Task<Invoice> Issue(LedgerTransaction transaction, InvoiceDraft draft, CancellationToken cancel = default)
    {
        var db = transaction.Db;
        if (await transaction.Lock(draft.AccountId, cancel) is null)
        {
            throw new InvalidOperationException($"account {draft.AccountId} does not exist");
        }

        if (await db.Invoices.Include(i => i.Lines).FirstOrDefaultAsync(i => i.Kind == draft.Kind && i.Reference == draft.Reference, cancel) is { } issued)
        {
            return issued;
        }

        var percent = await CatalogReader.CardsAt(db, transaction.Now).Select(c => c.TaxPercent).FirstOrDefaultAsync(cancel);
        var buyer = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == draft.AccountId, cancel);
        await BookResidue(transaction, draft, cancel);
        var year = YearOf(buyer, transaction.Now);
        var sequence = await TakeNumber(db, draft.Kind, year, cancel);
        var invoice = new Invoice
        {
            Id = Guid.CreateVersion7(transaction.Now),
            AccountId = draft.AccountId,
            Kind = draft.Kind,
            Year = year,
            Sequence = sequence,
            Number = string.Create(CultureInfo.InvariantCulture, $"{Prefix(draft.Kind)}-{year:0000}-{sequence:000000}"),
            IssuedAt = transaction.Now,
            BuyerName = buyer.BuyerTitle ?? buyer.Name,
            BuyerTaxId = buyer.BuyerTaxId,
            BuyerAddress = buyer.BuyerAddress,
            TotalNanos = draft.TotalNanos,
            TaxPercent = draft.Kind == InvoiceKind.Plan ? percent : 0,
            TaxNanos = draft.TaxNanos(percent),
            Reference = draft.Reference,
            Lines = [.. draft.Lines.Zip(draft.RoundedLines(), ToRow)],
        };
        db.Invoices.Add(invoice);
        await db.SaveChangesAsync(cancel);
        return invoice;
    }

    private static InvoiceLine ToRow(InvoiceDraft.Line line, long rounded) =>
        new() { Kind = line.Kind, Detail = line.Detail, From = line.From, To = line.To, AmountNanos = rounded };

    /// <summary>The calendar year where the buyer is: the date on the document and its number agree.</summary>
    private static int YearOf(Account buyer, DateTimeOffset now) => TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(buyer.TimeZone)).Year;

    private static string Prefix(InvoiceKind kind) => kind switch
    {
        InvoiceKind.Plan => "INV",
        InvoiceKind.TopUp => "RCP",
        InvoiceKind.CreditNote => "CN",
        InvoiceKind.CreditNoteReversal => "CNR",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such document"),
    };

    private static async Task BookResidue(LedgerTransaction transaction, InvoiceDraft draft, CancellationToken cancel)
    {
        var residue = draft.TotalNanos - draft.ExactNanos;
        if (residue == 0)
        {
            return;
        }

        // The customer paid the rounded total; what was earned is the exact one.
        var revenue = new AccountRef(LedgerCodes.RevenuePlan, Unit.Money);
        var rounding = new AccountRef(LedgerCodes.Rounding, Unit.Money);
        var leg = residue > 0 ? new Leg(revenue, rounding, residue, "rounding") : new Leg(rounding, revenue, -residue, "rounding");
        var booked = await transaction.Apply(new Move(draft.AccountId, $"rounding:{(int)draft.Kind}:{draft.Reference}", draft.Reference, [leg]), cancel);
        _ = booked.Value;
    }

    private static async Task<int> TakeNumber(PortalDb db, InvoiceKind kind, int year, CancellationToken cancel)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"number:{kind}:{year}");
        var last = db.Counters.Where(c => c.WalletId == Guid.Empty && c.Key == key);

        // The update locks the row until the commit, so numbers are handed out in the order of commits.
        if (await Raise(last, cancel) == 0)
        {
            await OpenYear(db, key, cancel);
            if (await Raise(last, cancel) != 1)
            {
                throw new InvalidOperationException($"no counter {key}");
            }
        }

        return checked((int)await last.Select(c => c.Used).SingleAsync(cancel));
    }

    private static Task<int> Raise(IQueryable<Counter> last, CancellationToken cancel) =>
        last.ExecuteUpdateAsync(set => set.SetProperty(c => c.Used, c => c.Used + 1), cancel);

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
