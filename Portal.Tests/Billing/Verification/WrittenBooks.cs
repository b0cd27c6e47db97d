using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification;
using Portal.Billing.Verification.Rows;
using Portal.Data;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Verification;

/// <summary>The honest books on each engine, written once. A corruption is verified inside its transaction and rolled back.</summary>
public sealed class WrittenBooks : IAsyncLifetime
{
    private readonly Dictionary<DatabaseProvider, TestDatabase> databases = [];

    public FakeTime Time { get; } = new();

    public TestDatabase On(DatabaseProvider provider) => databases[provider];

    public async ValueTask InitializeAsync()
    {
        foreach (var row in Databases.All)
        {
            databases.Add(row.Data, await TestDatabase.CreateAsync(row.Data));
            await new HonestBooks(databases[row.Data], Time).Write();
        }
    }

    /// <summary>Writes past every constraint of the engine: what the verifier is for has, by then, got past them.</summary>
    public async Task<VerifiedBooks> VerifyCorrupted(DatabaseProvider provider, string sql, VerifierLimits limits, DateTimeOffset? since = null)
    {
        await using var db = On(provider).Open();
        await db.Database.OpenConnectionAsync();
        var sqlite = provider == DatabaseProvider.Sqlite;
        if (sqlite) await Execute(db, "PRAGMA foreign_keys=OFF");
        await Execute(db, sqlite ? "PRAGMA ignore_check_constraints=ON" : "SET session_replication_role = replica");
        VerifiedBooks read;
        await using (await db.Database.BeginTransactionAsync())
        {
            await Execute(db, """DROP INDEX "IX_Transfers_Resolved" """);
            if (!sqlite) await Execute(db, """ALTER TABLE "LedgerAccounts" DROP CONSTRAINT "CK_LedgerAccounts_Floor" """);
            var micros = (Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            Assert.NotEqual(0, await Execute(db, sql.Replace("@now", $"{micros}", StringComparison.Ordinal)));
            read = await BookVerifier.Verify(BookSnapshot.Of(db), Time.GetUtcNow(), limits, since, null, CancellationToken.None);
        }

        // The pool hands the connection on; it must not keep the loosened settings.
        await Execute(db, sqlite ? "PRAGMA ignore_check_constraints=OFF" : "RESET ALL");
        return read;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in databases.Values) await database.DisposeAsync();
    }

    private static Task<int> Execute(PortalDb db, string sql) => db.Database.ExecuteSqlRawAsync(sql);
}
