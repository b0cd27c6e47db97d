using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Billing.Ledger;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Faults.Simulation;

/// <summary>The same traffic through the real writer: two nodes on one SQLite database whose commits are lost and whose nodes are restarted.</summary>
public sealed class LedgerSimulationTests
{
    private const int Seeds = 120;
    private const int Commands = 50;

    [Fact]
    public async Task Whatever_happens_to_the_writers_commits_what_was_acknowledged_is_there_once_and_the_books_add_up()
    {
        await using var database = await TestDatabase.CreateAsync();
        var flaky = new FlakyDatabase(database.ConnectionString);
        var only = int.TryParse(Environment.GetEnvironmentVariable("SIMULATION_SEED"), CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        for (var seed = only ?? 0; seed < (only + 1 ?? Seeds); seed++)
        {
            try
            {
                await Play(seed, flaky, database);
            }
            catch (Exception e)
            {
                Assert.Fail($"{(e is PromiseBrokenException ? e.Message : e)}\n  SIMULATION_SEED={seed} bash Portal.Tests/run.sh -class '{typeof(LedgerSimulationTests).FullName}'");
            }
        }
    }

    private static async Task Play(int seed, FlakyDatabase flaky, TestDatabase database)
    {
        var random = new Random(seed);
        var traffic = new Traffic(random, wallets: 3);
        await using (var db = database.Open())
        {
            db.Wallets.AddRange(traffic.Wallets.Select(id => new Wallet { Id = id }));
            await db.SaveChangesAsync();
        }

        var promises = new Promises();
        var clock = new SkewedClock();
        LedgerWriter[] nodes = [New(), New()];
        var node = 0;
        for (var sent = 0; sent < Commands;)
        {
            clock.Now = random.Next(40) == 0 ? clock.Now.AddDays(random.Next(2) == 0 ? -31 : 31) : clock.Now.AddSeconds(random.Next(20));
            node = random.Next(4) == 0 ? 1 - node : node;
            var batch = Enumerable.Range(0, random.Next(1, 9)).Select(_ => traffic.Next(clock.Now)).ToList();
            sent += batch.Count;
            (flaky.LoseBefore, flaky.LoseAfter) = random.Next(8) switch { 0 => (1, 0), 1 => (0, 1), 2 => (1, 1), _ => (0, 0) };
            var answers = await Task.WhenAll(batch.Select(command => nodes[node].Apply(command)).ToList());
            (flaky.LoseBefore, flaky.LoseAfter) = (0, 0);

            // A node that dies has told nobody what it did.
            var died = random.Next(10) == 0;
            if (died) nodes[node] = New();
            for (var i = 0; i < answers.Length; i++) promises.Answered(batch[i], died ? (Outcome<LedgerResult>?)null : answers[i]);
        }

        var wallets = await Read(database, traffic.Wallets);
        promises.AssertKept(wallets);
        foreach (var wallet in wallets.Values) wallet.AssertBooks();

        LedgerWriter New() => new(flaky, clock, new WalletEvents());
    }

    private static async Task<Dictionary<Guid, DurableWallet>> Read(TestDatabase database, Guid[] ids)
    {
        await using var db = database.Open();
        var wallets = new Dictionary<Guid, DurableWallet>();
        foreach (var id in ids)
        {
            wallets[id] = new DurableWallet
            {
                Accounts = await db.LedgerAccounts.AsNoTracking().Where(a => a.WalletId == id).ToDictionaryAsync(a => a.Id),
                Transfers = await db.Transfers.AsNoTracking().Where(t => t.WalletId == id).ToListAsync(),
                Holds = await db.Holds.AsNoTracking().Where(h => h.WalletId == id).ToDictionaryAsync(h => h.Id),
                Counters = await db.Counters.AsNoTracking().Where(c => c.WalletId == id).ToDictionaryAsync(c => c.Key),
                Usage = await db.UsageRecords.AsNoTracking().Where(u => u.AccountId == id).ToDictionaryAsync(u => u.Id),
                Outcomes = await db.IdempotencyRecords.AsNoTracking().Where(r => r.WalletId == id).ToDictionaryAsync(r => r.Key),
            };
        }

        return wallets;
    }

    private sealed class SkewedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = WalletScene.Now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
