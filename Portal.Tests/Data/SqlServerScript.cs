using System.Text.RegularExpressions;

namespace Portal.Tests.Data;

/// <summary>The tables, columns, keys and references that a SQL Server migration script leaves behind, read from its text.</summary>
internal sealed partial class SqlServerScript
{
    private readonly Dictionary<string, Dictionary<string, string>> columns = [];

    public SqlServerScript(string text)
    {
        Text = text;
        foreach (Match table in Table().Matches(text)) ReadTable(table.Groups["table"].Value, table.Groups["body"].Value);
        foreach (Match change in AddedColumn().Matches(text)) ReadColumn(change.Groups["table"].Value, change);
        foreach (Match index in Index().Matches(text))
            Keys.Add(new(index.Groups["name"].Value, index.Groups["table"].Value, Names(index.Groups["columns"].Value), Clustered: false));
        foreach (Match reference in AddedReference().Matches(text)) References.Add(Read(reference.Groups["table"].Value, reference));
    }

    public string Text { get; }

    /// <summary>Primary keys, unique constraints and indexes.</summary>
    public List<Key> Keys { get; } = [];

    public List<Reference> References { get; } = [];

    public IEnumerable<Column> Columns =>
        from table in columns from column in table.Value select new Column(table.Key, column.Key, column.Value);

    /// <summary>The declared type, in lower case: `nvarchar(256)`.</summary>
    public string TypeOf(string table, string column) => columns[table][column];

    private void ReadTable(string table, string body)
    {
        foreach (Match column in ColumnLine().Matches(body)) ReadColumn(table, column);
        foreach (Match key in KeyLine().Matches(body))
            Keys.Add(new(key.Groups["name"].Value, table, Names(key.Groups["columns"].Value), Clustered: key.Groups["primary"].Success));
        foreach (Match reference in ReferenceLine().Matches(body)) References.Add(Read(table, reference));
    }

    private void ReadColumn(string table, Match match)
    {
        if (!columns.TryGetValue(table, out var own)) columns[table] = own = [];
        own[match.Groups["column"].Value] = match.Groups["type"].Value.ToLowerInvariant();
    }

    private static Reference Read(string table, Match match) => new(table, match.Groups["to"].Value, match.Groups["action"].Value);

    private static string[] Names(string list) => [.. Name().Matches(list).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"CREATE TABLE \[(?<table>\w+)\] \((?<body>.*?)\n\s*\);", RegexOptions.Singleline)]
    private static partial Regex Table();

    [GeneratedRegex(@"^\s*\[(?<column>\w+)\] (?<type>\w+(\([\w, ]+\))?)", RegexOptions.Multiline)]
    private static partial Regex ColumnLine();

    [GeneratedRegex(@"ALTER TABLE \[(?<table>\w+)\] (ADD|ALTER COLUMN) \[(?<column>\w+)\] (?<type>\w+(\([\w, ]+\))?)")]
    private static partial Regex AddedColumn();

    [GeneratedRegex(@"CONSTRAINT \[(?<name>\w+)\] ((?<primary>PRIMARY KEY)|UNIQUE) \((?<columns>[^)]+)\)")]
    private static partial Regex KeyLine();

    [GeneratedRegex(@"CREATE (UNIQUE )?INDEX \[(?<name>\w+)\] ON \[(?<table>\w+)\] \((?<columns>[^)]+)\)")]
    private static partial Regex Index();

    [GeneratedRegex(@"FOREIGN KEY \([^)]+\) REFERENCES \[(?<to>\w+)\] \([^)]+\)( ON DELETE (?<action>CASCADE|SET NULL))?")]
    private static partial Regex ReferenceLine();

    [GeneratedRegex(@"ALTER TABLE \[(?<table>\w+)\] ADD CONSTRAINT \[\w+\] FOREIGN KEY \([^)]+\) REFERENCES \[(?<to>\w+)\] \([^)]+\)( ON DELETE (?<action>CASCADE|SET NULL))?")]
    private static partial Regex AddedReference();

    [GeneratedRegex(@"\[(\w+)\]")]
    private static partial Regex Name();

    public sealed record Column(string Table, string Name, string Type);

    public sealed record Key(string Name, string Table, string[] Columns, bool Clustered);

    /// <param name="Action">`CASCADE`, `SET NULL`, or empty when a delete is refused.</param>
    public sealed record Reference(string From, string To, string Action);
}
