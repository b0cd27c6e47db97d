using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Data;

/// <summary>Sets what SQLite keeps per connection: a commit is on disk before it is answered, and a writer waits its turn.</summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    // The portal moves the write-ahead log into the file beside its writers; a writer does so itself only when the log has grown to 512 MB, which
    // makes its callers wait. What a statement may have to undo is kept in memory: a file for it costs every charge a write. The cache of a connection
    // has 16 MB, because SQLite looks through all of it at the end of each transaction that has divided a page of an index.
    private const string Pragmas =
        "PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=131072; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
