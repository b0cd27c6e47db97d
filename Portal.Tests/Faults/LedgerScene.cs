using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data;
using Portal.Tests.Billing.Ledger;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Faults;

/// <summary>A ledger on a database of its own, with wallets whose money was paid in as the portal does it. A thousand tokens cost a yuan.</summary>
internal sealed class LedgerScene : IAsyncDisposable
{
    private LedgerScene(TestDatabase database, Guid[] wallets)
    {
        Database = database;
        Wallets = wallets;
        Ledger = NewNode();
    }

    public TestDatabase Database { get; }

    public FakeTime Time { get; } = new();

    public Guid[] Wallets { get; }

    public Guid Wallet => Wallets[0];

    public LedgerWriter Ledger { get; }

    public static async Task<LedgerScene> Start(DatabaseProvider provider, int wallets = 1, decimal yuan = 0)
    {
        var database = await TestDatabase.CreateAsync(provider);
        var time = new FakeTime();
        var ids = new Guid[wallets];
        for (var i = 0; i < wallets; i++)
        {
            ids[i] = (await Books.OpenAccount(database.Factory, time)).Account.Id;
            if (yuan > 0) await Books.TopUp(database.Factory, time, ids[i], yuan);
        }

        return new LedgerScene(database, ids);
    }

    /// <summary>Another process of the portal, or the same after a restart: it remembers nothing.</summary>
    public LedgerWriter NewNode(IDbContextFactory<PortalDb>? databases = null, TimeProvider? clock = null) => new(databases ?? Database.Factory, clock ?? Time, new WalletEvents());

    public async Task<LedgerResult> Done(LedgerCommand command, LedgerWriter? node = null)
    {
        var outcome = await (node ?? Ledger).Apply(command);
        Assert.Null(outcome.Refusal);
        return outcome.Value;
    }

    public async Task Refused(string code, LedgerCommand command, LedgerWriter? node = null) => Assert.Equal(code, (await (node ?? Ledger).Apply(command)).Refusal?.Code);

    /// <summary>A hold and its settle, as a customer's prompt.</summary>
    /// <returns>Null when it was paid; else the refusal's code.</returns>
    public async Task<string?> Spend(LedgerWriter node, int tokens)
    {
        var hold = Guid.NewGuid();
        var held = await node.Apply(WalletScene.Hold(Wallet, hold, tokens));
        return held.IsDone(out var refusal) ? (await node.Apply(WalletScene.Settle(Wallet, hold, tokens))).Refusal?.Code : refusal.Code;
    }

    public Task<WalletView> View(Guid? wallet = null) => new WalletReader(Database.Factory, Time).Read(wallet ?? Wallet);

    /// <summary>The job that releases what nobody resolved, an hour later, and the proof of the books then.</summary>
    public async Task ExpireAndVerify()
    {
        var later = new FakeTime(Time.GetUtcNow().AddHours(1));
        await new ExpiryRun(Database.Factory, NewNode(clock: later), later, NullLogger<ExpiryRun>.Instance).Run();
        await Books.AssertClean(Database.Factory, later);
    }

    /// <summary>A server finishes what a killed client had asked for: waits until it has.</summary>
    public async Task SessionsEnd()
    {
        if (Database.Provider != DatabaseProvider.PostgreSql) return;
        await using var connection = new NpgsqlConnection(Database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var busy = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()", connection);
        await Until.TrueAsync("the server has ended the killed client's transactions", async () => (long)(await busy.ExecuteScalarAsync())! == 0);
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
