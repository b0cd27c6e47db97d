using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Faults;

public sealed class FullDiskTests
{
    [Fact]
    public async Task F5_With_no_page_left_a_prompt_is_refused_before_inference_pages_read_and_it_goes_on_once_there_is_room()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var disk = new LimitedPages(scene.Database.ConnectionString);
        var ledger = new LedgerWriter(disk, scene.Time, new WalletEvents());
        var runner = scene.NewRunner(ledger);
        disk.Full = true;
        var filling = new List<Guid> { Guid.NewGuid() };
        while ((await ledger.Apply(Hold(scene.Owner.AccountId, filling[^1], 1))).IsDone(out _)) filling.Add(Guid.NewGuid());
        var before = (await scene.Wallet()).Spendable;

        var request = PromptScene.Say("how to top up");
        var refused = await runner.Start(scene.Owner, request, TestContext.Current.CancellationToken);
        Assert.Equal("ledger.unavailable", refused.Refusal?.Code);
        Assert.Null(scene.Text.Last);
        Assert.Null(await scene.HoldOf(request.Id));
        Assert.Equal(before, (await scene.Wallet()).Spendable);

        disk.Full = false;
        foreach (var hold in filling.SkipLast(1)) Assert.Null((await ledger.Apply(new VoidHold(scene.Owner.AccountId, hold))).Refusal);
        var run = (await runner.Start(scene.Owner, request, TestContext.Current.CancellationToken)).Value;
        scene.Text.Say(5);
        Assert.Equal(9 * PromptScene.NanosPerToken, (await run.Completion).Receipt!.ChargedNanos);
    }

    [Fact]
    public async Task F5_On_a_full_disk_a_hold_is_refused_the_wallet_reads_and_it_goes_on_once_there_is_room()
    {
        var folder = TestRun.NewFolder();
        Assert.SkipUnless(await Run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder), "Mounting a small disk needs root.");
        try
        {
            await using var scene = await LedgerScene.Start(DatabaseProvider.Sqlite, yuan: 1);
            await using (var whole = scene.Database.Open()) await whole.Database.ExecuteSqlAsync($"VACUUM INTO {folder + "/portal.db"}");
            var databases = new PortalDbFactory(DatabaseProvider.Sqlite, $"Data Source={folder}/portal.db");
            await using (var log = databases.CreateDbContext()) await log.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL");
            var node = scene.NewNode(databases);
            var reader = new WalletReader(databases, scene.Time);
            var hold = Guid.NewGuid();
            await scene.Done(Hold(scene.Wallet, hold, 100), node);
            Fill(Path.Combine(folder, "ballast"));

            await scene.Refused("ledger.unavailable", Hold(scene.Wallet, Guid.NewGuid(), 100), node);
            await scene.Refused("ledger.unavailable", Settle(scene.Wallet, hold, 100), node);
            Assert.Equal(900 * NanosPerToken, (await reader.Read(scene.Wallet)).Spendable.Nanos);

            File.Delete(Path.Combine(folder, "ballast"));
            await scene.Done(Settle(scene.Wallet, hold, 100), node);
            Assert.Equal((900 * NanosPerToken, 0), ((await reader.Read(scene.Wallet)).Spendable.Nanos, (await reader.Read(scene.Wallet)).Held.Nanos));
            await Books.AssertClean(databases, scene.Time);
        }
        finally
        {
            await using (var pooled = new SqliteConnection($"Data Source={folder}/portal.db")) SqliteConnection.ClearPool(pooled);
            Assert.True(await Run("umount", "-l", folder));
        }
    }

    private static void Fill(string ballast)
    {
        using var file = new FileStream(ballast, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // Not a block is left.
        }
    }

    private static async Task<bool> Run(string program, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return false;
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    /// <summary>A SQLite database that may not grow while it is full.</summary>
    private sealed class LimitedPages(string connectionString) : DbConnectionInterceptor, IDbContextFactory<PortalDb>
    {
        public bool Full { get; set; }

        public PortalDb CreateDbContext() =>
            new SqlitePortalDb(new DbContextOptionsBuilder<SqlitePortalDb>().UseSqlite(connectionString).AddInterceptors(this).Options);

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var limit = ((SqliteConnection)connection).CreateCommand();
            limit.CommandText = Full ? "PRAGMA max_page_count=1" : "PRAGMA max_page_count=1000000";
            await limit.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
