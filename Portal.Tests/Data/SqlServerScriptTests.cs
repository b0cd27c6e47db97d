using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Portal.Data;

namespace Portal.Tests.Data;

/// <summary>What SQL Server would refuse or get wrong, found in the script of its migrations, since no SQL Server can run here.</summary>
public sealed class SqlServerScriptTests
{
    // Limits of SQL Server for the key of a clustered and of any other index.
    private const int ClusteredKeyBytesMax = 900;
    private const int IndexKeyBytesMax = 1700;

    private readonly SqlServerScript script = new(Generate());

    [Fact]
    public void Every_table_and_column_of_the_model_is_in_the_script()
    {
        using var db = Context();
        var expected = from entity in db.Model.GetEntityTypes()
                       where entity.GetTableName() is not null && !entity.IsMappedToJson()
                       from property in entity.GetProperties()
                       select $"{entity.GetTableName()}.{property.GetColumnName()}";

        Assert.Empty(expected.Except(script.Columns.Select(column => $"{column.Table}.{column.Name}")));
    }

    [Fact]
    public void Money_is_bigint_and_nothing_is_a_floating_point_number()
    {
        var money = script.Columns.Where(column => column.Name.EndsWith("Nanos", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(money);
        Assert.All(money, column => Assert.Equal("bigint", column.Type));
        Assert.DoesNotContain(script.Columns, column => column.Type is "float" or "real" or "money" or "smallmoney");
    }

    [Fact]
    public void No_instant_is_stored_without_its_offset() =>
        Assert.DoesNotContain(script.Columns, column => column.Type.StartsWith("datetime", StringComparison.Ordinal) && !column.Type.StartsWith("datetimeoffset", StringComparison.Ordinal));

    [Fact]
    public void No_key_or_index_is_longer_than_the_engine_takes()
    {
        Assert.NotEmpty(script.Keys);
        Assert.All(script.Keys, key => Assert.InRange(
            key.Columns.Sum(column => BytesOf(script.TypeOf(key.Table, column))), 1, key.Clustered ? ClusteredKeyBytesMax : IndexKeyBytesMax));
    }

    [Fact]
    public void No_delete_reaches_a_table_on_two_ways()
    {
        var cascades = script.References.Where(reference => reference.Action.Length > 0).ToLookup(reference => reference.To, reference => reference.From);

        Assert.NotEmpty(cascades);
        Assert.All(cascades, start =>
        {
            var reached = new HashSet<string> { start.Key };
            var open = new Queue<string>([start.Key]);
            while (open.TryDequeue(out var table))
            {
                foreach (var next in cascades[table])
                {
                    Assert.True(reached.Add(next), $"Deleting from {start.Key} reaches {next} on two ways: SQL Server refuses the reference.");
                    open.Enqueue(next);
                }
            }
        });
    }

    private static int BytesOf(string type)
    {
        var length = type.Contains('(', StringComparison.Ordinal) ? type[(type.IndexOf('(', StringComparison.Ordinal) + 1)..^1] : "";
        return type.Split('(')[0] switch
        {
            "nvarchar" or "nchar" when length != "max" => 2 * int.Parse(length, CultureInfo.InvariantCulture),
            "varbinary" or "binary" or "varchar" or "char" when length != "max" => int.Parse(length, CultureInfo.InvariantCulture),
            "uniqueidentifier" or "decimal" => 16,
            "bigint" or "date" => 8,
            "datetimeoffset" => 10,
            "int" => 4,
            "smallint" => 2,
            "bit" or "tinyint" => 1,
            _ => throw new NotSupportedException($"A key of type {type}."),
        };
    }

    private static string Generate()
    {
        using var db = Context();
        return db.GetService<IMigrator>().GenerateScript();
    }

    private static PortalDb Context() => new PortalDbFactory(DatabaseProvider.SqlServer, "Server=nowhere").CreateDbContext();
}
