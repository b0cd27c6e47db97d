using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Portal.Data;

/// <summary>Sets what SQLite keeps per connection: a commit is on disk before it is answered, and a writer waits its turn.</summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    // The portal moves the write-ahead log into the file beside its writers; a writer does so itself only when the log has grown to 512 MB, which
    // makes its callers wait. What a statement may have to undo is kept in memory: a file for it costs every charge a write. The cache of a connection
    // has 16 MB, because SQLite looks through all of it at the end of each transaction that has divided a page of an index.
    private const string Pragmas =
        "PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=131072; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;";

    // What is opened is nearly always one from the pool, which keeps what was set on it.
    private static readonly ConditionalWeakTable<sqlite3, object> Prepared = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        var handle = ((SqliteConnection)connection).Handle!;
        if (!Prepared.TryGetValue(handle, out _))
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
            Prepared.AddOrUpdate(handle, this);
        }
    }

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        // SQLite has nothing that could be awaited.
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
