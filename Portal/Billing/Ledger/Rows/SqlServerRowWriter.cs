using System.Data.Common;
using System.Text;
using System.Text.Json;
using Microsoft.Data.SqlClient;
using Portal.Billing.Ledger.Wallets;

namespace Portal.Billing.Ledger.Rows;

/// <summary>One statement a table, with all rows in one JSON parameter.</summary>
internal sealed class SqlServerRowWriter(SqlConnection connection) : RowWriter
{
    private const string LockText = """
        UPDATE w SET w."Version" = w."Version" + 1 OUTPUT inserted."Id", inserted."Version"
        FROM "Wallets" w WITH (ROWLOCK) JOIN OPENJSON(@rows) WITH ("Id" uniqueidentifier '$') AS n ON w."Id" = n."Id"
        OPTION (FORCE ORDER, LOOP JOIN)
        """;

    public override async Task<Dictionary<Guid, long>> Lock(
        IReadOnlyList<Guid> wallets, DbTransaction transaction, IReadOnlyDictionary<Guid, KnownWallet>? known = null)
    {
        await using var command = Command(LockText, JsonSerializer.Serialize(wallets), transaction);
        return await ReadVersions(command);
    }

    public override async Task Write<T>(RowSet<T> set, IReadOnlyList<T> rows, DbTransaction transaction)
    {
        if (rows.Count > 0)
        {
            await using var command = Command(set.SqlServer, ToJson(set, rows), transaction);
            set.Check(rows.Count, await command.ExecuteNonQueryAsync());
        }
    }

    public override async Task<bool> Mark(Guid commit, long micros, DbTransaction transaction)
    {
        await using var command = Command(
            """
            INSERT INTO "LedgerCommits" ("Id", "At") SELECT @id, @at
            WHERE NOT EXISTS (SELECT 1 FROM "LedgerCommits" WITH (UPDLOCK, HOLDLOCK) WHERE "Id" = @id)
            """, "", transaction);
        command.Parameters.AddWithValue("@id", commit);
        command.Parameters.AddWithValue("@at", micros);
        return await command.ExecuteNonQueryAsync() == 0;
    }

    private SqlCommand Command(string text, string rows, DbTransaction transaction)
    {
        var command = new SqlCommand(text, connection, (SqlTransaction)transaction);
        command.Parameters.AddWithValue("@rows", rows);
        return command;
    }

    private static string ToJson<T>(RowSet<T> set, IReadOnlyList<T> rows)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var row in rows)
            {
                json.WriteStartArray();
                foreach (var column in set.Columns)
                {
                    column.Write(json, row);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
