using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Database;
using Portal.Tests.Faults;
using Portal.Tests.Fixtures;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Database;

public sealed class LogMoverTests
{
    [Fact]
    public async Task What_was_committed_reaches_the_file_while_connections_stay_open()
    {
        await using var scene = await LedgerScene.Start(DatabaseProvider.Sqlite, yuan: 1);
        await using var open = scene.Database.Open();
        await open.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var first = Guid.NewGuid();
        await scene.Done(Hold(scene.Wallet, first, 20));
        Assert.False(await IsInFile(scene, first));

        using var mover = new LogMover(scene.Database.Factory, scene.Time);
        await mover.StartAsync(TestContext.Current.CancellationToken);
        await Until.TrueAsync("the first hold is in the file", () => IsInFile(scene, first));

        var second = Guid.NewGuid();
        await scene.Done(Hold(scene.Wallet, second, 20));
        await Until.TrueAsync("the second hold is in the file", () =>
        {
            scene.Time.Advance(TimeSpan.FromSeconds(1));
            return IsInFile(scene, second);
        });
        await mover.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Looks at the file alone, without its log.</summary>
    private static async Task<bool> IsInFile(LedgerScene scene, Guid hold)
    {
        var copy = Path.Combine(TestRun.NewFolder(), "file.db");
        File.Copy(new SqliteConnectionStringBuilder(scene.Database.ConnectionString).DataSource, copy);
        await using var db = new PortalDbFactory(DatabaseProvider.Sqlite, $"Data Source={copy};Pooling=false").CreateDbContext();
        try
        {
            return await db.Holds.AnyAsync(h => h.Id == hold);
        }
        catch (SqliteException)
        {
            // Copied while it was being written.
            return false;
        }
    }
}
