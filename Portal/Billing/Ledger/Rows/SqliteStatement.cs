using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace Portal.Billing.Ledger.Rows;

/// <summary>
/// A prepared statement on SQLite's own interface. The provider's command objects cost several times the row that they write, and a charge writes
/// about ten of them. Indexes of parameters begin at 1.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(sqlite3_prepare_v2(database, sql, out statement));
    }

    public void Bind(int index, long value) => sqlite3_bind_int64(statement, index, value);

    public void BindNull(int index) => sqlite3_bind_null(statement, index);

    /// <summary>As <see cref="Portal.Data.SqlitePortalDb"/> stores it.</summary>
    public void Bind(int index, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        sqlite3_bind_blob(statement, index, bytes);
    }

    public void Bind(int index, string value)
    {
        var bytes = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> text = bytes <= 4096 ? stackalloc byte[bytes] : new byte[bytes];
        sqlite3_bind_text(statement, index, text[..Encoding.UTF8.GetBytes(value, text)]);
    }

    /// <returns>The first column of the row that it gives, null when it gives none.</returns>
    public long? Execute()
    {
        var code = sqlite3_step(statement);
        long? answer = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : null;
        while (code == SQLITE_ROW)
        {
            code = sqlite3_step(statement);
        }

        var reset = sqlite3_reset(statement);
        if (code != SQLITE_DONE)
        {
            Check(reset);
        }

        return answer;
    }

    public void Dispose() => statement.Dispose();

    private void Check(int code)
    {
        if (code != SQLITE_OK)
        {
            throw new SqliteException(sqlite3_errmsg(database).utf8_to_string(), code & 0xff, code);
        }
    }
}
