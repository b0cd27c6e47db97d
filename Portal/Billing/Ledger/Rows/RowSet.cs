namespace Portal.Billing.Ledger.Rows;

internal enum RowWrite
{
    Insert,

    /// <summary>Sets the other columns of the row that has the keys.</summary>
    Update,

    /// <summary>Inserts, or leaves the row that is there.</summary>
    Keep,

    /// <summary>Inserts, or sets the other columns.</summary>
    Put,

    /// <summary>Inserts, or adds to the other columns.</summary>
    Add,
}

/// <summary>One statement for many rows of a table, and its text on each engine. Double quotes are standard SQL and known to all three.</summary>
/// <param name="keys">How many of the first columns are the key.</param>
/// <param name="only">Of an update: what a row must be besides having the keys.</param>
internal sealed class RowSet<T>(string table, RowWrite kind, int keys, Column<T>[] columns, string? only = null)
{
    public Column<T>[] Columns => columns;

    /// <summary>Whether each row must be there already, and fit: anything else is a bug or a second resolution, and nothing of the commit may stay.</summary>
    public bool Exact => kind == RowWrite.Update;

    /// <summary>Executed once a row.</summary>
    public string Sqlite => field ??= kind == RowWrite.Update
        ? $"UPDATE \"{table}\" SET {Join(Values, c => $"\"{c.Name}\" = ?{Number(c)}")} WHERE {Join(KeyColumns, c => $"\"{c.Name}\" = ?{Number(c)}", " AND ")}{(only is null ? "" : $" AND {only}")}"
        : $"INSERT INTO \"{table}\" ({Names}) VALUES ({Join(columns, c => $"?{Number(c)}")}){OnConflict}";

    /// <summary>One array a column.</summary>
    public string PostgreSql => field ??= ToPostgreSql();

    /// <summary>One parameter, <c>@rows</c>: a JSON array of arrays.</summary>
    public string SqlServer => field ??= ToSqlServer();

    private string Names => Join(columns, c => $"\"{c.Name}\"");

    private IEnumerable<Column<T>> KeyColumns => columns.Take(keys);

    private IEnumerable<Column<T>> Values => columns.Skip(keys);

    private string OnConflict => kind switch
    {
        RowWrite.Insert => "",
        RowWrite.Keep => " ON CONFLICT DO NOTHING",
        _ => $" ON CONFLICT ({Join(KeyColumns, c => $"\"{c.Name}\"")}) DO UPDATE SET "
            + Join(Values, c => $"\"{c.Name}\" = {(kind == RowWrite.Add ? $"\"{table}\".\"{c.Name}\" + " : "")}excluded.\"{c.Name}\""),
    };

    private int Number(Column<T> column) => Array.IndexOf(columns, column) + 1;

    private string ToPostgreSql()
    {
        var rows = $"unnest({Join(columns, c => $"${Number(c)}::{c.Type.PostgreSql}[]")}) AS n({Names})";
        return kind == RowWrite.Update
            ? $"UPDATE \"{table}\" t SET {Join(Values, c => $"\"{c.Name}\" = n.\"{c.Name}\"")} FROM {rows} WHERE {Join(KeyColumns, c => $"t.\"{c.Name}\" = n.\"{c.Name}\"", " AND ")}{(only is null ? "" : $" AND t.{only}")}"
            : $"INSERT INTO \"{table}\" ({Names}) SELECT * FROM {rows}{OnConflict}";
    }

    private string ToSqlServer()
    {
        var rows = $"OPENJSON(@rows) WITH ({Join(columns, c => $"\"{c.Name}\" {c.Type.SqlServer} '$[{Number(c) - 1}]'")}) AS n";
        var match = Join(KeyColumns, c => $"t.\"{c.Name}\" = n.\"{c.Name}\"", " AND ");
        var insert = $"INSERT ({Names}) VALUES ({Join(columns, c => $"n.\"{c.Name}\"")})";
        return kind switch
        {
            RowWrite.Insert => $"INSERT INTO \"{table}\" ({Names}) SELECT {Names} FROM {rows}",
            RowWrite.Update => $"UPDATE t SET {Join(Values, c => $"t.\"{c.Name}\" = n.\"{c.Name}\"")} FROM \"{table}\" t JOIN {rows} ON {match}{(only is null ? "" : $" AND t.{only}")}",
            RowWrite.Keep => $"MERGE \"{table}\" WITH (HOLDLOCK) AS t USING {rows} ON {match} WHEN NOT MATCHED THEN {insert};",
            _ => $"MERGE \"{table}\" WITH (HOLDLOCK) AS t USING {rows} ON {match} WHEN MATCHED THEN UPDATE SET "
                + $"{Join(Values, c => kind == RowWrite.Add ? $"t.\"{c.Name}\" = t.\"{c.Name}\" + n.\"{c.Name}\"" : $"t.\"{c.Name}\" = n.\"{c.Name}\"")} "
                + $"WHEN NOT MATCHED THEN {insert};",
        };
    }

    /// <summary>Refuses an update that did not find all its rows.</summary>
    /// <param name="found">How many it changed.</param>
    public void Check(int rows, int found)
    {
        if (Exact && found != rows)
        {
            throw new InvalidOperationException($"{table}: {rows} rows were to be updated and {found} were found as they must be.");
        }
    }

    private static string Join(IEnumerable<Column<T>> columns, Func<Column<T>, string> text, string separator = ", ") => string.Join(separator, columns.Select(text));
}
