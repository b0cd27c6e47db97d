using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Portal.Billing.Ledger.Rows;

/// <summary>
/// A prepared statement on SQLite's own interface. The provider's command objects cost several times the row that they write, and a charge writes
/// about ten of them. Indexes of parameters begin at 1; all of them are bound before each execution.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int ValuesSize = 16_384;
    private const int IdSize = 16;

    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly nint handle;

    // SQLite reads what is bound from here, where it does not move, instead of making a copy of its own.
    private readonly byte[] values = GC.AllocateUninitializedArray<byte>(ValuesSize, pinned: true);
    private int used;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
        handle = statement.DangerousGetHandle();
    }

    /// <summary>Rows that the last execution changed.</summary>
    public int Changed => raw.sqlite3_changes(database);

    public void Bind(int index, long value) => Check(Native.BindInt64(handle, index, value));

    public void BindNull(int index) => Check(Native.BindNull(handle, index));

    /// <summary>As <see cref="Portal.Data.SqlitePortalDb"/> stores it.</summary>
    public void Bind(int index, Guid value)
    {
        value.TryWriteBytes(values.AsSpan(used, IdSize), bigEndian: true, out _);
        Check(Native.BindBlob(handle, index, in values[used], IdSize, Native.Static));
        used += IdSize;
    }

    public void Bind(int index, string value)
    {
        // Room is kept for ids: a statement has fewer parameters than the difference holds.
        if (Encoding.UTF8.GetMaxByteCount(value.Length) <= ValuesSize - used - (64 * IdSize))
        {
            var length = Encoding.UTF8.GetBytes(value, values.AsSpan(used));
            Check(Native.BindText(handle, index, in values[used], length, Native.Static));
            used += length;
        }
        else
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            Check(Native.BindText(handle, index, in bytes[0], bytes.Length, Native.Transient));
        }
    }

    /// <returns>The first column of the row that it gives, null when it gives none.</returns>
    public long? Execute()
    {
        var code = Native.Step(handle);
        long? answer = code == raw.SQLITE_ROW ? Native.ColumnInt64(handle, 0) : null;
        while (code == raw.SQLITE_ROW)
        {
            code = Native.Step(handle);
        }

        var reset = Native.Reset(handle);
        used = 0;
        if (code != raw.SQLITE_DONE)
        {
            Check(reset);
        }

        return answer;
    }

    public void Dispose() => statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException(raw.sqlite3_errmsg(database).utf8_to_string(), code & 0xff, code);
        }
    }

    /// <summary>The provider's own functions count the uses of a handle and copy each value, which costs more than binding it.</summary>
    private static class Native
    {
        /// <summary>The value stays where it is until the statement is reset.</summary>
        public const nint Static = 0;

        /// <summary>SQLite makes a copy.</summary>
        public const nint Transient = -1;

        private const string Library = "e_sqlite3";

        [DllImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
        public static extern int BindInt64(nint statement, int index, long value);

        [DllImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
        public static extern int BindNull(nint statement, int index);

        [DllImport(Library, EntryPoint = "sqlite3_bind_blob"), SuppressGCTransition]
        public static extern int BindBlob(nint statement, int index, in byte value, int length, nint destructor);

        [DllImport(Library, EntryPoint = "sqlite3_bind_text"), SuppressGCTransition]
        public static extern int BindText(nint statement, int index, in byte value, int length, nint destructor);

        [DllImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
        public static extern long ColumnInt64(nint statement, int column);

        [DllImport(Library, EntryPoint = "sqlite3_step")]
        public static extern int Step(nint statement);

        [DllImport(Library, EntryPoint = "sqlite3_reset")]
        public static extern int Reset(nint statement);
    }
}
