using System.Data.Common;
using Microsoft.Data.Sqlite;
using Portal.Billing.Ledger.Wallets;

namespace Portal.Billing.Ledger.Rows;

/// <summary>Prepared statements that live as long as the connection.</summary>
internal sealed class SqliteRowWriter(SqliteConnection connection) : RowWriter
{
    // Two statements cost a fraction of one with RETURNING, which makes a table of its own for the answer each time.
    private const string VersionText = """SELECT "Version" FROM "Wallets" WHERE "Id" = ?1""";
    private const string RaiseText = """UPDATE "Wallets" SET "Version" = ?2 + 1 WHERE "Id" = ?1 AND "Version" = ?2""";
    private const string MarkText = """INSERT INTO "LedgerCommits" ("Id", "At") VALUES (?1, ?2) ON CONFLICT DO NOTHING""";

    private readonly Dictionary<object, SqliteStatement> statements = [];

    public override Task<Dictionary<Guid, long>> Lock(
        IReadOnlyList<Guid> wallets, DbTransaction transaction, IReadOnlyDictionary<Guid, KnownWallet>? known = null)
    {
        var read = Prepare(VersionText, VersionText);
        var raise = Prepare(RaiseText, RaiseText);
        var versions = new Dictionary<Guid, long>(wallets.Count);
        foreach (var wallet in wallets)
        {
            // Nearly every version is as it was left: then there is no need to read it first.
            if (known is not null && known.TryGetValue(wallet, out var kept) && Raise(kept.Version))
            {
                continue;
            }

            read.Bind(1, wallet);
            if (read.Execute() is { } version)
            {
                Raise(version);
            }

            bool Raise(long from)
            {
                raise.Bind(1, wallet);
                raise.Bind(2, from);
                raise.Execute();
                return raise.Changed == 1 && versions.TryAdd(wallet, from + 1);
            }
        }

        return Task.FromResult(versions);
    }

    public override Task Write<T>(RowSet<T> set, IReadOnlyList<T> rows, DbTransaction transaction)
    {
        if (rows.Count == 0)
        {
            return Task.CompletedTask;
        }

        var statement = Prepare(set, set.Sqlite);
        var columns = set.Columns;
        for (var r = 0; r < rows.Count; r++)
        {
            for (var c = 0; c < columns.Length; c++)
            {
                columns[c].Bind(statement, c + 1, rows[r]);
            }

            statement.Execute();
            if (set.Exact)
            {
                set.Check(1, statement.Changed);
            }
        }

        return Task.CompletedTask;
    }

    public override Task<bool> Mark(Guid commit, long micros, DbTransaction transaction)
    {
        var statement = Prepare(MarkText, MarkText);
        statement.Bind(1, commit);
        statement.Bind(2, micros);
        statement.Execute();
        return Task.FromResult(statement.Changed == 0);
    }

    public override void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        base.Dispose();
    }

    private SqliteStatement Prepare(object key, string sql)
    {
        if (!statements.TryGetValue(key, out var statement))
        {
            statement = new SqliteStatement(connection, sql);
            statements.Add(key, statement);
        }

        return statement;
    }
}
