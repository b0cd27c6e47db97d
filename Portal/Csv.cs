using System.Globalization;
using CsvHelper;

namespace Portal;

/// <summary>
/// A table for spreadsheets: UTF-8 with a byte order mark (they take Chinese names for what they are), RFC 4180, and no cell that they would run as a
/// formula. Columns are named the same in every language.
/// </summary>
public sealed class Csv : IAsyncDisposable
{
    public const string ContentType = "text/csv; charset=utf-8";

    private static readonly CsvWriterOptions Format = CsvWriterOptions.Default with { Injection = CsvInjection.Escape, WriteByteOrderMark = true };

    private readonly CsvWriter writer;
    private readonly int width;

    /// <param name="target">Stays open.</param>
    public Csv(Stream target, params string[] columns)
    {
        (writer, width) = (CsvWriter.Create(target, Format, leaveOpen: true), columns.Length);
        writer.WriteHeader(columns);
    }

    /// <param name="cells">Null is an empty cell; so are those that are left out at the end.</param>
    public async Task Row(CancellationToken cancel, params object?[] cells)
    {
        for (var i = 0; i < width; i++)
        {
            writer.WriteField(i < cells.Length ? Convert.ToString(cells[i], CultureInfo.InvariantCulture) ?? "" : "");
        }

        await writer.EndRecordAsync(cancel);
    }

    public static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
