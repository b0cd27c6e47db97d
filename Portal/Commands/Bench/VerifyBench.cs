using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Rows;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Rating;
using Portal.Billing.Verification;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Commands.Bench;

/// <summary>
/// Rows per second that the verifier proves, in a scratch database of honest books: prompts that the ledger itself held and settled, over a month,
/// each three rows (a hold, the transfer that posts it, a usage record) beside the rollup's, and as many of them open at a time as callers wait.
/// </summary>
public sealed class VerifyBench(string database, long rows, TimeProvider clock)
{
    private const int Wallets = 1000;
    private const int OpenAtATime = 256;
    private const int RowsOfACharge = 3;
    private const int CommitEvery = 20;
    private const long CreditNanos = 1_000_000 * Money.NanosPerUnit;
    private static readonly TimeSpan Span = TimeSpan.FromDays(30);

    /// <returns>Null when the number of rows is none or out of its range.</returns>
    public static VerifyBench? Read(IConfiguration configuration, TimeProvider clock)
    {
        var text = configuration["rows"] ?? "1000000";
        return long.TryParse(text, out var rows) && rows is >= 1000 and <= 1_000_000_000 ? new VerifyBench(configuration["database"] ?? "sqlite", rows, clock) : null;
    }

    public async Task<VerifyFigures> Measure(CancellationToken cancel)
    {
        await using var scratch = await ScratchDatabase.Create(database, cancel);
        await Fill(scratch.Databases, cancel);

        var begin = clock.GetTimestamp();
        var books = await new BookVerifier(scratch.Databases, clock).Verify(cancel: cancel);
        var seconds = (decimal)clock.GetElapsedTime(begin).TotalSeconds;
        var read = books.Transfers + books.Holds + books.UsageRecords + books.Hours;
        return new VerifyFigures(read, decimal.Round(seconds, 2), decimal.Round(read / seconds), books.Clean ? "clean" : string.Join("; ", books.Findings.Take(3)));
    }

    private async Task Fill(PortalDbFactory databases, CancellationToken cancel)
    {
        await new CatalogLoader(databases, clock).Load(cancel);
        var begin = clock.GetUtcNow() - Span;
        var terms = (await new CatalogReader(databases, clock).TermsFor("guide", Unit.Tokens, new PriceContext(true, 0, false, begin), null, cancel)).Value;
        await using var db = databases.CreateDbContext();
        await db.Database.OpenConnectionAsync(cancel);
        using var writer = RowWriter.For(db.Database.GetDbConnection());
        var wallets = Enumerable.Range(0, Wallets).Select(_ => Guid.CreateVersion7(begin)).ToArray();
        db.Wallets.AddRange(wallets.Select(id => new Wallet { Id = id }));
        await db.SaveChangesAsync(cancel);
        var books = wallets.Select(id => new WalletBook(id, [], [], [], [])).ToArray();

        var written = new LedgerRows();
        var leg = new Leg(new AccountRef(LedgerCodes.Issued, Unit.Money), new AccountRef(LedgerCodes.CreditGranted, Unit.Money), CreditNanos, "grant");
        foreach (var book in books)
        {
            Check(book.Apply(new Move(book.WalletId, "grant", "bench", [leg]), written, begin));
        }

        var random = new Random(1);
        var charges = rows / RowsOfACharge;
        for (long done = 0; done < charges;)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            for (var turn = 0; turn < CommitEvery && done < charges; turn++)
            {
                var open = Math.Min(OpenAtATime, charges - done);
                await Charge(db, writer, [.. Enumerable.Range(0, (int)open).Select(_ => books[random.Next(Wallets)])], terms, begin + (Span / charges * done), written);
                done += open;
            }

            await transaction.CommitAsync(cancel);
        }
    }

    private static async Task Charge(PortalDb db, RowWriter writer, WalletBook[] asked, PriceTerms terms, DateTimeOffset now, LedgerRows written)
    {
        var holds = Array.ConvertAll(asked, book => new HoldPrompt(
            book.WalletId, Guid.CreateVersion7(now), new Spender(book.WalletId, book.WalletId, book.WalletId, null), false, MeteredUsage.Text(120, 300), terms,
            UsageWindows.At(now, TimeZoneInfo.Utc, null), now.AddMinutes(10), null));
        for (var i = 0; i < asked.Length; i++)
        {
            Check(asked[i].Apply(holds[i], written, now));
        }

        await Write(db, writer, written);
        for (var i = 0; i < asked.Length; i++)
        {
            Check(asked[i].Apply(new SettlePrompt(holds[i].WalletId, holds[i].HoldId, MeteredUsage.Text(120, 100 + (i % 200)), new PromptEnd("stop", 800)), written, now.AddSeconds(1)));
        }

        await Write(db, writer, written);
    }

    private static async Task Write(PortalDb db, RowWriter writer, LedgerRows written)
    {
        var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        await LedgerTables.Write(db, writer, transaction, written);
        await writer.Flush(transaction);
    }

    private static void Check(Outcome<LedgerResult> outcome)
    {
        if (!outcome.IsDone(out var refusal))
        {
            throw new InvalidOperationException($"A charge of the bench was refused: {refusal}");
        }
    }
}
