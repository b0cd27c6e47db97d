using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Rating;
using Portal.Billing.Verification;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Database;

namespace Portal.Commands.Bench;

/// <summary>
/// Charges per second, each a hold and a settle that are both on disk before they are answered: as the portal makes them, one EF transaction a
/// step, and the same rows without any logic. All in one run on one scratch database, because disks differ from hour to hour.
/// </summary>
public sealed class ChargeBench(ChargeBenchOptions options, TimeProvider clock)
{
    private const long CreditNanos = 1_000_000 * Money.NanosPerUnit;

    // Until the runtime has compiled for the load that it sees, which on a busy machine takes a while.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private const int WarmUpCharges = 60_000;
    private const int WarmUpsMost = 4;

    public async Task<ChargeFigures> Measure(CancellationToken cancel)
    {
        await using var scratch = await ScratchDatabase.Create(options.Database, cancel);
        await new CatalogLoader(scratch.Databases, clock).Load(cancel);
        var terms = (await new CatalogReader(scratch.Databases, clock).TermsFor(
            "guide", Unit.Tokens, new PriceContext(true, 0, false, clock.GetUtcNow()), null, cancel)).Value;
        var ledger = new LedgerWriter(scratch.Databases, clock, new WalletEvents());
        var wallets = await Open(scratch.Databases, ledger, cancel);
        using var mover = new LogMover(scratch.Databases, clock);
        await mover.StartAsync(cancel);

        for (var (times, warm) = (0, 0L); times < WarmUpsMost && warm < WarmUpCharges; times++)
        {
            warm += (await Load(ledger.Apply, wallets, terms, WarmUp, null, cancel)).Charges;
        }

        var commits = -await Commits(scratch.Databases, cancel);
        var peak = await Load(ledger.Apply, wallets, terms, options.Span, null, cancel);
        commits += await Commits(scratch.Databases, cancel);
        var half = await Load(ledger.Apply, wallets, terms, options.Span, peak.PerSecond / 2, cancel);
        var naive = await Load(
            (command, stop) => ledger.Run(transaction => transaction.Apply(command, stop), stop), wallets, terms, options.Span / 2, null, cancel);
        var bare = await Bare(terms, cancel);
        var tps = await scratch.Pgbench(options.Concurrency, options.Span, cancel);

        await mover.StopAsync(cancel);
        await using var db = scratch.Databases.CreateDbContext();
        var overspent = await db.LedgerAccounts.CountAsync(a => a.Floor != null && a.Balance - a.Held < a.Floor, cancel);
        var books = await new BookVerifier(scratch.Databases, clock).Verify(cancel: cancel);
        return new ChargeFigures(
            scratch.Name, options.Wallets, options.Concurrency, options.Seconds, peak.Charges, peak.PerSecond, peak.ProcessorMicros, decimal.Round(2m * peak.Charges / commits, 1), half.Holds.At(50), half.Holds.At(99), peak.Holds.At(99),
            naive.PerSecond, bare, tps, overspent, peak.RssMb[^1], peak.RssMb, books.Clean ? "clean" : string.Join("; ", books.Findings.Take(3)));
    }

    private static async Task<int> Commits(PortalDbFactory databases, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.LedgerCommits.CountAsync(cancel);
    }

    /// <summary>In a database of its own: these rows are no books.</summary>
    private async Task<decimal> Bare(PriceTerms terms, CancellationToken cancel)
    {
        await using var scratch = await ScratchDatabase.Create(options.Database, cancel);
        var wallets = await Open(scratch.Databases, new LedgerWriter(scratch.Databases, clock, new WalletEvents()), cancel);
        return await new BareCharges(scratch.Databases, clock).Measure(
            wallets, (wallet, random) => Charge(wallet, terms, random), options.Concurrency, options.Span / 2, cancel);
    }

    private async Task<Guid[]> Open(PortalDbFactory databases, LedgerWriter ledger, CancellationToken cancel)
    {
        var wallets = Enumerable.Range(0, options.Wallets).Select(_ => Guid.CreateVersion7(clock.GetUtcNow())).ToArray();
        await using (var db = databases.CreateDbContext())
        {
            db.Wallets.AddRange(wallets.Select(id => new Wallet { Id = id }));
            await db.SaveChangesAsync(cancel);
        }

        var leg = new Leg(new AccountRef(LedgerCodes.Issued, Unit.Money), new AccountRef(LedgerCodes.CreditGranted, Unit.Money), CreditNanos, "grant");
        var granted = await Task.WhenAll(wallets.Select(id => ledger.Apply(new Move(id, "grant", "bench", [leg]), cancel)));
        return granted.All(g => g.IsDone(out _)) ? wallets : throw new InvalidOperationException("The wallets of the bench could not be filled.");
    }

    /// <param name="perSecond">Spread evenly; null: as many as the callers can.</param>
    private async Task<LoadFigures> Load(
        Func<LedgerCommand, CancellationToken, Task<Outcome<LedgerResult>>> apply, Guid[] wallets, PriceTerms terms, TimeSpan span, decimal? perSecond,
        CancellationToken cancel)
    {
        var holds = new LatencyHistogram();
        var charges = 0L;
        var rss = new List<long>();
        var before = Environment.CpuUsage.TotalTime;
        var begin = clock.GetTimestamp();
        var pace = perSecond is { } rate ? TimeSpan.FromSeconds((double)(options.Concurrency / rate)) : TimeSpan.Zero;
        await Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(caller => Task.Run(
            async () =>
            {
                var random = new Random(caller);
                var next = begin + (long)(random.NextDouble() * pace.TotalSeconds * clock.TimestampFrequency);
                while (clock.GetElapsedTime(begin) < span)
                {
                    if (perSecond is not null)
                    {
                        var wait = TimeSpan.FromSeconds((double)(next - clock.GetTimestamp()) / clock.TimestampFrequency);
                        next += (long)(pace.TotalSeconds * clock.TimestampFrequency);
                        if (wait > TimeSpan.Zero)
                        {
                            await Task.Delay(wait, clock, cancel);
                        }
                    }

                    var start = clock.GetTimestamp();
                    var (hold, settle) = Charge(wallets[random.Next(wallets.Length)], terms, random);
                    Check(await apply(hold, cancel));
                    holds.Add(clock.GetElapsedTime(start));
                    Check(await apply(settle, cancel));
                    Interlocked.Increment(ref charges);
                }
            },
            cancel)).Prepend(Watch()));
        var seconds = (decimal)clock.GetElapsedTime(begin).TotalSeconds;
        var processor = (decimal)(Environment.CpuUsage.TotalTime - before).TotalMicroseconds;
        return new LoadFigures(charges, decimal.Round(charges / seconds), decimal.Round(processor / Math.Max(1, charges), 1), holds, rss);

        async Task Watch()
        {
            for (var quarter = 0; quarter < 4; quarter++)
            {
                await Task.Delay(span / 4, clock, cancel);
                using var process = Process.GetCurrentProcess();
                rss.Add(process.WorkingSet64 / 1_048_576);
            }
        }
    }

    private (HoldPrompt Hold, SettlePrompt Settle) Charge(Guid wallet, PriceTerms terms, Random random)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var by = new Spender(wallet, wallet, wallet, null);
        var windows = UsageWindows.At(now, TimeZoneInfo.Utc, null);
        return (
            new HoldPrompt(wallet, id, by, false, MeteredUsage.Text(120, 300), terms, windows, now.AddMinutes(10), null),
            new SettlePrompt(wallet, id, MeteredUsage.Text(120, random.Next(100, 300)), new PromptEnd("stop", 800)));
    }

    internal static void Check(Outcome<LedgerResult> outcome)
    {
        if (!outcome.IsDone(out var refusal))
        {
            throw new InvalidOperationException($"A charge of the bench was refused: {refusal}");
        }
    }

    /// <param name="RssMb">After each quarter of the time.</param>
    private sealed record LoadFigures(long Charges, decimal PerSecond, decimal ProcessorMicros, LatencyHistogram Holds, IReadOnlyList<long> RssMb);
}
