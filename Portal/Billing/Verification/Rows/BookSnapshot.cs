using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Data;

namespace Portal.Billing.Verification.Rows;

/// <summary>One state of the books, in as many connections as the engine can open on it: the large tables are then read side by side.</summary>
internal sealed class BookSnapshot : IAsyncDisposable
{
    private const int Sides = 2;
    private const string SomeRead = """SELECT COUNT(*) FROM "Plans" """;

    private readonly List<PortalDb> opened = [];

    private BookSnapshot(PortalDb db)
    {
        Db = db;
    }

    /// <summary>For everything that is read by its own thread.</summary>
    public PortalDb Db { get; }

    public IEnumerable<TransferRow> Transfers(DateTimeOffset? since) => BookRows.Of(Db).Transfers(since);

    public IEnumerable<HoldRow> Holds(DateTimeOffset? since) => opened.Count > Sides ? ReadAhead.Of(BookRows.Of(opened[1]).Holds(since)) : BookRows.Of(Db).Holds(since);

    public IEnumerable<UsageRow> Usage(DateTimeOffset? since) => opened.Count > Sides ? ReadAhead.Of(BookRows.Of(opened[2]).Usage(since)) : BookRows.Of(Db).Usage(since);

    public IEnumerable<HourRow> Hours(DateTimeOffset? since) => BookRows.Of(Db).Hours(since);

    /// <summary>What the transaction of this context sees; it stays the caller's.</summary>
    public static BookSnapshot Of(PortalDb db) => new(db);

    public static async Task<BookSnapshot> Open(IDbContextFactory<PortalDb> databases, CancellationToken cancel)
    {
        var snapshot = new BookSnapshot(databases.CreateDbContext());
        snapshot.opened.Add(snapshot.Db);
        try
        {
            await (snapshot.Db switch
            {
                SqlitePortalDb => snapshot.OpenSqlite(databases, cancel),
                PostgreSqlPortalDb => snapshot.OpenPostgreSql(databases, cancel),

                // A snapshot level must be allowed per database, so locks.
                _ => snapshot.Db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancel),
            });
            return snapshot;
        }
        catch
        {
            await snapshot.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var db in opened)
        {
            await db.DisposeAsync();
        }
    }

    /// <summary>
    /// A read transaction sees the state of its first read and blocks no writer. Nobody can commit while the write lock is held, so those that begin
    /// meanwhile see the same. A portal so busy that it does not give the lock away is read by one connection.
    /// </summary>
    private async Task OpenSqlite(IDbContextFactory<PortalDb> databases, CancellationToken cancel)
    {
        await using var gate = databases.CreateDbContext();
        IDbContextTransaction? held = null;
        try
        {
            held = await gate.Database.BeginTransactionAsync(cancel);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_READONLY)
        {
        }

        await Begin(Db, IsolationLevel.ReadUncommitted, SomeRead, cancel);
        for (var i = 0; held is not null && i < Sides; i++)
        {
            opened.Add(databases.CreateDbContext());
            await Begin(opened[^1], IsolationLevel.ReadUncommitted, SomeRead, cancel);
        }

        if (held is not null)
        {
            await held.RollbackAsync(cancel);
        }
    }

    private async Task OpenPostgreSql(IDbContextFactory<PortalDb> databases, CancellationToken cancel)
    {
        await Db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var name = await Db.Database.SqlQueryRaw<string>("""SELECT pg_export_snapshot() AS "Value" """).SingleAsync(cancel);
        for (var i = 0; i < Sides; i++)
        {
            opened.Add(databases.CreateDbContext());
            await Begin(opened[^1], IsolationLevel.RepeatableRead, $"SET TRANSACTION SNAPSHOT '{name}'", cancel);
        }
    }

    // The provider of SQLite opens a deferred transaction, which is one that only reads, for no other level than 'read uncommitted'.
    private static async Task Begin(PortalDb db, IsolationLevel level, string first, CancellationToken cancel)
    {
        await db.Database.BeginTransactionAsync(level, cancel);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = first;
        command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        await command.ExecuteScalarAsync(cancel);
    }
}
