using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Support.Permissions;

/// <summary>The monthly reports on permissions, as administrators read and keep them.</summary>
public sealed class PermissionReports(IDbContextFactory<PortalDb> databases)
{
    private static readonly string[] Columns = ["kind", "person", "role_or_action", "account", "time", "locked", "unused", "detail", "before", "after", "reason"];

    private static readonly CsvWriterOptions Format = CsvWriterOptions.Default with { Injection = CsvInjection.Escape, WriteByteOrderMark = true };

    /// <summary>The months that there are reports of, the newest first.</summary>
    public async Task<Outcome<List<DateTimeOffset>>> List(Caller caller, CancellationToken cancel = default)
    {
        if (!caller.IsAdministrator)
        {
            return Refusal.NotFound;
        }

        await using var db = databases.CreateDbContext();
        return await db.PermissionReports.OrderByDescending(r => r.Month).Select(r => r.Month).ToListAsync(cancel);
    }

    /// <param name="month">Its first instant; null: the newest.</param>
    public async Task<Outcome<PermissionView>> Read(Caller caller, DateTimeOffset? month, CancellationToken cancel = default)
    {
        if (!caller.IsAdministrator)
        {
            return Refusal.NotFound;
        }

        await using var db = databases.CreateDbContext();
        var row = await db.PermissionReports.AsNoTracking().Where(r => month == null || r.Month == month).OrderByDescending(r => r.Month).FirstOrDefaultAsync(cancel);
        return row is null ? Refusal.NotFound : new PermissionView(row.Month, row.MadeAt, JsonSerializer.Deserialize<PermissionBody>(row.Body)!, row.AuditSequence, row.AuditHash);
    }

    /// <summary>A report as CSV, in which no cell is run as a formula.</summary>
    /// <param name="target">Stays open. Nothing is written when it is refused.</param>
    public async Task<Outcome<Done>> Write(Caller caller, DateTimeOffset month, Stream target, CancellationToken cancel = default)
    {
        if (!(await Read(caller, month, cancel)).IsDone(out var refusal, out var report))
        {
            return refusal;
        }

        await using var csv = CsvWriter.Create(target, Format, leaveOpen: true);
        csv.WriteHeader(Columns);
        foreach (var staff in report.Body.Staff)
        {
            await Row(csv, cancel, "staff", staff.Email, staff.Roles, "", Time(staff.LastUsed), staff.Locked ? "yes" : "no", staff.Unused ? "yes" : "no");
        }

        foreach (var right in report.Body.Accounts)
        {
            await Row(csv, cancel, "account", right.Email, right.Role, right.Account, Time(right.Since));
        }

        foreach (var size in report.Body.Organisations)
        {
            await Row(csv, cancel, "members", "", "Member", size.Account, "", "", "", size.Members.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var change in report.Body.Changes)
        {
            await Row(csv, cancel, "change", change.By ?? "", change.Action, change.Account ?? "", Time(change.At), "", "", change.Detail, change.Before ?? "", change.After ?? "", change.Reason ?? "");
        }

        await Row(csv, cancel, "audit", "", "", "", Time(report.MadeAt), "", "", $"{report.AuditSequence} {report.AuditHash}");
        return default(Done);
    }

    private static async Task Row(CsvWriter csv, CancellationToken cancel, params string[] cells)
    {
        foreach (var cell in cells.Concat(Enumerable.Repeat("", Columns.Length - cells.Length)))
        {
            csv.WriteField(cell);
        }

        await csv.EndRecordAsync(cancel);
    }

    private static string Time(DateTimeOffset? at) => at?.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture) ?? "";
}

/// <param name="AuditHash">The end of the audit's chain when it was written.</param>
public sealed record PermissionView(DateTimeOffset Month, DateTimeOffset MadeAt, PermissionBody Body, long AuditSequence, string AuditHash);
