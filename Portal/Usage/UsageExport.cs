using System.Globalization;
using CsvHelper;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Usage;

/// <summary>
/// The requests of a range as CSV: UTF-8 with a byte order mark (spreadsheets take Chinese names for what they are), RFC 4180, and no
/// cell that a spreadsheet would run as a formula. The column names do not change with the language.
/// </summary>
public sealed class UsageExport(UsageRequests requests)
{
    private static readonly string[] Columns =
    [
        "time", "request", "model", "member", "source", "unit", "input_tokens", "output_tokens", "images", "covered_units",
        "charged", "list_price", "currency", "duration_ms", "finish", "given_back",
    ];

    private static readonly CsvWriterOptions Format = CsvWriterOptions.Default with { Injection = CsvInjection.Escape, WriteByteOrderMark = true };

    /// <summary>Whether <see cref="Write"/> would be refused: asked before the first byte, after which a status can say no more.</summary>
    public async Task<Outcome<Done>> Check(Caller caller, UsageFilter filter, CancellationToken cancel = default)
    {
        var first = await requests.Page(caller, filter, 0, 1, cancel);
        return first.IsDone(out var refusal) ? new Done() : refusal;
    }

    /// <param name="target">Stays open.</param>
    public async Task<Outcome<Done>> Write(Caller caller, UsageFilter filter, Stream target, CancellationToken cancel = default)
    {
        await using var csv = CsvWriter.Create(target, Format, leaveOpen: true);
        csv.WriteHeader(Columns);
        return await requests.Each(caller, filter, (row, zone) => WriteRow(csv, row, zone, cancel), cancel);
    }

    private static async Task WriteRow(CsvWriter csv, UsageRequest row, TimeZoneInfo zone, CancellationToken cancel)
    {
        csv.WriteField(TimeZoneInfo.ConvertTime(row.At, zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
        csv.WriteField(row.Id);
        csv.WriteField(row.Model);
        csv.WriteField(row.Member);
        csv.WriteField(row.ByKey ? "api" : "playground");
        csv.WriteField(row.Unit == Unit.Images ? "images" : "tokens");
        csv.WriteField(row.InputTokens);
        csv.WriteField(row.OutputTokens);
        csv.WriteField(row.Images);
        csv.WriteField(row.CoveredUnits);
        csv.WriteField(Exact(row.ChargedNanos));
        csv.WriteField(Exact(row.ListNanos));
        csv.WriteField("CNY");
        csv.WriteField(row.DurationMs);
        csv.WriteField(row.Finish);
        csv.WriteField(row.ReturnedNanos is { } returned ? Exact(returned) : "");
        await csv.EndRecordAsync(cancel);
    }

    private static string Exact(long nanos) => new Money(nanos).Amount.ToString("0.00#######", CultureInfo.InvariantCulture);
}
