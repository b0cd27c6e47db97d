using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Faults;

public sealed class TornLogTests
{
    private const int Charges = 12;

    [Fact]
    public async Task F4_With_the_logs_tail_torn_anywhere_the_database_opens_clean_and_has_every_charge_before_the_tear()
    {
        await using var scene = await LedgerScene.Start(DatabaseProvider.Sqlite, yuan: 1);
        var file = new SqliteConnectionStringBuilder(scene.Database.ConnectionString).DataSource;
        await using var open = scene.Database.Open();
        await open.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", TestContext.Current.CancellationToken);
        var acknowledged = new List<(Guid Hold, long Log)>();
        for (var i = 0; i < Charges; i++)
        {
            var hold = Guid.NewGuid();
            await scene.Done(Hold(scene.Wallet, hold, 20));
            await scene.Done(Settle(scene.Wallet, hold, 10));
            acknowledged.Add((hold, new FileInfo(file + "-wal").Length));
        }

        Assert.Equal(acknowledged.Select(a => a.Log).Order().Distinct(), acknowledged.Select(a => a.Log));
        var random = new Random(4);
        var length = acknowledged[^1].Log;
        for (var tear = 0; tear < 12; tear++)
        {
            var from = tear == 0 ? length : random.NextInt64(length);
            await AssertOpens(scene, Torn(file, from, garbled: tear % 2 == 1, random), acknowledged.Where(a => a.Log <= from).Select(a => a.Hold).ToList());
        }
    }

    /// <returns>A copy of the database whose log ends, or is noise, from this byte on.</returns>
    private static string Torn(string file, long from, bool garbled, Random random)
    {
        var copy = Path.Combine(TestRun.NewFolder(), "torn.db");
        File.Copy(file, copy);
        File.Copy(file + "-wal", copy + "-wal");
        using var log = new FileStream(copy + "-wal", FileMode.Open);
        var noise = new byte[garbled ? log.Length - from : 0];
        random.NextBytes(noise);
        log.SetLength(from);
        log.Position = from;
        log.Write(noise);
        return copy;
    }

    private static async Task AssertOpens(LedgerScene scene, string copy, List<Guid> acknowledged)
    {
        var databases = new PortalDbFactory(DatabaseProvider.Sqlite, $"Data Source={copy};Pooling=false");
        await using (var db = databases.CreateDbContext())
        {
            var posted = await db.Holds.AsNoTracking().Where(h => h.State == HoldState.Posted).Select(h => h.Id).ToListAsync();
            Assert.Superset(acknowledged.ToHashSet(), posted.ToHashSet());
        }

        var hold = Guid.NewGuid();
        var node = scene.NewNode(databases);
        await scene.Done(Hold(scene.Wallet, hold, 20), node);
        await scene.Done(Settle(scene.Wallet, hold, 10), node);
        await Books.AssertClean(databases, scene.Time);
    }
}
