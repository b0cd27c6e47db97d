using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace Portal.Billing.Verification.Rows;

/// <summary>Reads rows through SQLite's own interface: the provider's reader costs several times the row.</summary>
internal sealed class SqliteCursor : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private byte[] lastBytes = [];
    private string lastName = "";

    public SqliteCursor(SqliteConnection connection, string sql, long parameter)
    {
        database = connection.Handle ?? throw new UnreachableException("The connection is not open.");
        Check(sqlite3_prepare_v2(database, sql, out statement));
        sqlite3_bind_int64(statement, 1, parameter);
    }

    /// <returns>Whether there is a row.</returns>
    public bool Read()
    {
        var code = sqlite3_step(statement);
        if (code == SQLITE_ROW)
        {
            return true;
        }

        return code == SQLITE_DONE ? false : throw Error(code);
    }

    public bool IsNull(int column) => sqlite3_column_type(statement, column) == SQLITE_NULL;

    public long Whole(int column) => sqlite3_column_int64(statement, column);

    public DateTimeOffset Instant(int column) => DateTimeOffset.UnixEpoch.AddTicks(Whole(column) * TimeSpan.TicksPerMicrosecond);

    /// <summary>As <see cref="Portal.Data.SqlitePortalDb"/> stores it.</summary>
    /// <exception cref="ArgumentException">The value is no id.</exception>
    public Guid Id(int column) => new(sqlite3_column_blob(statement, column), bigEndian: true);

    public string Text(int column) => sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>A text of which there are few: mostly the same as in the row before.</summary>
    public string Name(int column)
    {
        var text = sqlite3_column_blob(statement, column);
        if (!text.SequenceEqual(lastBytes))
        {
            lastBytes = text.ToArray();
            lastName = string.Intern(Encoding.UTF8.GetString(text));
        }

        return lastName;
    }

    public void Dispose() => statement.Dispose();

    private void Check(int code)
    {
        if (code != SQLITE_OK)
        {
            throw Error(code);
        }
    }

    private SqliteException Error(int code) => new(sqlite3_errmsg(database).utf8_to_string(), code & 0xff, code);
}
