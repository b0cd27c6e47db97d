using System.Text.Json;

namespace Portal.Billing.Ledger.Rows;

/// <summary>A column of rows that are written many at a time: the same definition serves all engines.</summary>
/// <param name="name">In the database.</param>
internal abstract class Column<T>(string name)
{
    public string Name { get; } = name;

    /// <summary>The type of the column in PostgreSQL, and in SQL Server.</summary>
    public abstract (string PostgreSql, string SqlServer) Type { get; }

    public abstract void Bind(SqliteStatement statement, int index, T row);

    /// <summary>The column's values of all rows, as PostgreSQL's driver takes an array.</summary>
    public abstract Array ToArray(IReadOnlyList<T> rows);

    public abstract void Write(Utf8JsonWriter json, T row);

    protected static TValue[] Select<TValue>(IReadOnlyList<T> rows, Func<T, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        return values;
    }
}

internal sealed class WholeColumn<T>(string name, Func<T, long> value) : Column<T>(name)
{
    public override (string, string) Type => ("bigint", "bigint");

    public override void Bind(SqliteStatement statement, int index, T row) => statement.Bind(index, value(row));

    public override Array ToArray(IReadOnlyList<T> rows) => Select(rows, value);

    public override void Write(Utf8JsonWriter json, T row) => json.WriteNumberValue(value(row));
}

internal sealed class OptionalWholeColumn<T>(string name, Func<T, long?> value) : Column<T>(name)
{
    public override (string, string) Type => ("bigint", "bigint");

    public override void Bind(SqliteStatement statement, int index, T row)
    {
        if (value(row) is { } number)
        {
            statement.Bind(index, number);
        }
        else
        {
            statement.BindNull(index);
        }
    }

    public override Array ToArray(IReadOnlyList<T> rows) => Select(rows, value);

    public override void Write(Utf8JsonWriter json, T row)
    {
        if (value(row) is { } number)
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}

internal sealed class GuidColumn<T>(string name, Func<T, Guid?> value) : Column<T>(name)
{
    public override (string, string) Type => ("uuid", "uniqueidentifier");

    public override void Bind(SqliteStatement statement, int index, T row)
    {
        if (value(row) is { } id)
        {
            statement.Bind(index, id);
        }
        else
        {
            statement.BindNull(index);
        }
    }

    public override Array ToArray(IReadOnlyList<T> rows) => Select(rows, value);

    public override void Write(Utf8JsonWriter json, T row)
    {
        if (value(row) is { } id)
        {
            json.WriteStringValue(id);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}

internal sealed class TextColumn<T>(string name, Func<T, string?> value) : Column<T>(name)
{
    public override (string, string) Type => ("text", "nvarchar(max)");

    public override void Bind(SqliteStatement statement, int index, T row)
    {
        if (value(row) is { } text)
        {
            statement.Bind(index, text);
        }
        else
        {
            statement.BindNull(index);
        }
    }

    public override Array ToArray(IReadOnlyList<T> rows) => Select(rows, value);

    public override void Write(Utf8JsonWriter json, T row) => json.WriteStringValue(value(row));
}
