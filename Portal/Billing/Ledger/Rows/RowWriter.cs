using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;
using Portal.Billing.Ledger.Wallets;

namespace Portal.Billing.Ledger.Rows;

/// <summary>Locks wallets and writes rows on one connection, in its open transaction. All that the engines do differently on the way of a charge is here.</summary>
internal abstract class RowWriter : IDisposable
{
    public static RowWriter For(DbConnection connection) => connection switch
    {
        SqliteConnection sqlite => new SqliteRowWriter(sqlite),
        NpgsqlConnection postgres => new PostgreSqlRowWriter(postgres),
        SqlConnection server => new SqlServerRowWriter(server),
        _ => throw new ArgumentException("no such engine", nameof(connection)),
    };

    /// <summary>Raises the versions of the wallets and so locks them until the transaction ends.</summary>
    /// <param name="wallets">In ascending order: whoever locks several does so in the same order, and none waits for another in a circle.</param>
    /// <param name="known">What their versions were when they were last seen: where it still is, an engine need not read it.</param>
    /// <returns>The raised versions; a wallet that does not exist is missing.</returns>
    public abstract Task<Dictionary<Guid, long>> Lock(IReadOnlyList<Guid> wallets, DbTransaction transaction, IReadOnlyDictionary<Guid, KnownWallet>? known = null);

    /// <summary>Writes the rows, at the latest by <see cref="Flush"/> or <see cref="Mark"/>.</summary>
    public abstract Task Write<T>(RowSet<T> set, IReadOnlyList<T> rows, DbTransaction transaction);

    public virtual Task Flush(DbTransaction transaction) => Task.CompletedTask;

    /// <summary>Writes what is still to be written, and the commit's marker unless it is there.</summary>
    /// <returns>Whether it was there. Waits for a transaction that has written it and is still open.</returns>
    public abstract Task<bool> Mark(Guid commit, long micros, DbTransaction transaction);

    public virtual void Dispose()
    {
    }

    protected static async Task<Dictionary<Guid, long>> ReadVersions(DbCommand command)
    {
        var versions = new Dictionary<Guid, long>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            versions.Add(reader.GetGuid(0), reader.GetInt64(1));
        }

        return versions;
    }
}
