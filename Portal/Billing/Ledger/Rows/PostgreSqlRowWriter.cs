using System.Data.Common;
using Npgsql;
using Portal.Billing.Ledger.Wallets;

namespace Portal.Billing.Ledger.Rows;

/// <summary>One statement a table, with an array a column; all of them in one round trip, prepared once a connection.</summary>
internal sealed class PostgreSqlRowWriter(NpgsqlConnection connection) : RowWriter
{
    // The rows are locked by the sub-query, in its order; an update alone would lock them in any.
    private const string LockText = """
        WITH l AS MATERIALIZED (SELECT "Id" FROM "Wallets" WHERE "Id" = ANY($1) ORDER BY "Id" FOR NO KEY UPDATE)
        UPDATE "Wallets" w SET "Version" = w."Version" + 1 FROM l WHERE w."Id" = l."Id" RETURNING w."Id", w."Version"
        """;

    private const string MarkText = """INSERT INTO "LedgerCommits" ("Id", "At") VALUES ($1, $2) ON CONFLICT DO NOTHING""";

    private readonly List<(NpgsqlBatchCommand Command, Action<int>? Check)> pending = [];

    public override async Task<Dictionary<Guid, long>> Lock(
        IReadOnlyList<Guid> wallets, DbTransaction transaction, IReadOnlyDictionary<Guid, KnownWallet>? known = null)
    {
        await using var command = new NpgsqlCommand(LockText, connection, (NpgsqlTransaction)transaction);
        command.Parameters.Add(new NpgsqlParameter { Value = wallets.ToArray() });
        await command.PrepareAsync();
        return await ReadVersions(command);
    }

    public override Task Write<T>(RowSet<T> set, IReadOnlyList<T> rows, DbTransaction transaction)
    {
        if (rows.Count == 0)
        {
            return Task.CompletedTask;
        }

        var command = new NpgsqlBatchCommand(set.PostgreSql);
        foreach (var column in set.Columns)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = column.ToArray(rows) });
        }

        pending.Add((command, set.Exact ? found => set.Check(rows.Count, found) : null));
        return Task.CompletedTask;
    }

    public override async Task Flush(DbTransaction transaction)
    {
        if (pending.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection, (NpgsqlTransaction)transaction);
        foreach (var (command, _) in pending)
        {
            batch.BatchCommands.Add(command);
        }

        var sent = pending.ToArray();
        pending.Clear();
        await batch.PrepareAsync();
        await batch.ExecuteNonQueryAsync();
        foreach (var (command, check) in sent)
        {
            check?.Invoke(command.RecordsAffected);
        }
    }

    public override async Task<bool> Mark(Guid commit, long micros, DbTransaction transaction)
    {
        var mark = new NpgsqlBatchCommand(MarkText) { Parameters = { new NpgsqlParameter { Value = commit }, new NpgsqlParameter { Value = micros } } };
        pending.Add((mark, null));
        await Flush(transaction);
        return mark.RecordsAffected == 0;
    }
}
