using System.Globalization;
using CsvHelper;

namespace Portal.Support.Audit;

/// <summary>
/// The audit as CSV, oldest first: UTF-8 with a byte order mark, RFC 4180, and no cell that a spreadsheet would run as a formula. With its hashes, so that
/// a copy kept elsewhere proves what stood here.
/// </summary>
public sealed class AuditExport(AuditLog log)
{
    private static readonly string[] Columns =
        ["number", "time", "person", "action", "account", "account_name", "subject", "detail", "before", "after", "reason", "hash"];

    private static readonly CsvWriterOptions Format = CsvWriterOptions.Default with { Injection = CsvInjection.Escape, WriteByteOrderMark = true };

    /// <param name="target">Stays open. Nothing is written when it is refused.</param>
    public async Task<Outcome<Done>> Write(Caller caller, AuditFilter filter, Stream target, CancellationToken cancel = default)
    {
        if (!caller.IsAdministrator)
        {
            return Refusal.NotFound;
        }

        await using var csv = CsvWriter.Create(target, Format, leaveOpen: true);
        csv.WriteHeader(Columns);
        return await log.Each(caller, filter, line => Write(csv, line, cancel), cancel);
    }

    private static async Task Write(CsvWriter csv, AuditLine line, CancellationToken cancel)
    {
        csv.WriteField(line.Sequence?.ToString(CultureInfo.InvariantCulture) ?? "");
        csv.WriteField(line.At.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture));
        csv.WriteField(line.Person ?? "");
        csv.WriteField(line.Action);
        csv.WriteField(line.AccountId?.ToString() ?? "");
        csv.WriteField(line.Account ?? "");
        csv.WriteField(line.Subject);
        csv.WriteField(line.Detail);
        csv.WriteField(line.Before ?? "");
        csv.WriteField(line.After ?? "");
        csv.WriteField(line.Reason ?? "");
        csv.WriteField(line.Hash ?? "");
        await csv.EndRecordAsync(cancel);
    }
}
