using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Portal.Data;

/// <summary>The columns of a <see cref="PreparedQuery{T}"/>'s row, by their places in its projection from 0 on.</summary>
public readonly struct PreparedRow(DbDataReader row, ValueConverter? ids, ValueConverter instants)
{
    public bool IsNull(int column) => row.IsDBNull(column);

    public bool Flag(int column) => row.GetBoolean(column);

    public int Number(int column) => row.GetInt32(column);

    public string Text(int column) => row.GetString(column);

    public string? TextIn(int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public Guid Id(int column) => ids is null ? row.GetGuid(column) : (Guid)ids.ConvertFromProvider(row.GetValue(column))!;

    public DateTimeOffset? Instant(int column) => row.IsDBNull(column) ? null : (DateTimeOffset)instants.ConvertFromProvider(row.GetInt64(column))!;
}
