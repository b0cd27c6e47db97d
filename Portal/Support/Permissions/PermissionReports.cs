using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Support.Permissions;

/// <summary>The monthly reports on permissions, as administrators read and keep them.</summary>
public sealed class PermissionReports(IDbContextFactory<PortalDb> databases)
{
    private static readonly string[] Columns = ["kind", "person", "role_or_action", "account", "time", "locked", "unused", "detail", "before", "after", "reason"];

    /// <summary>The months that there are reports of, the newest first.</summary>
    public async Task<Outcome<List<DateTimeOffset>>> List(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        return await db.PermissionReports.OrderByDescending(r => r.Month).Select(r => r.Month).ToListAsync(cancel);
    }

    /// <param name="month">Its first instant; null: the newest.</param>
    public async Task<Outcome<PermissionView>> Read(Caller caller, DateTimeOffset? month, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
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

        await using var csv = new Csv(target, Columns);
        foreach (var staff in report.Body.Staff)
        {
            await csv.Row(cancel, "staff", staff.Email, staff.Roles, "", Time(staff.LastUsed), staff.Locked ? "yes" : "no", staff.Unused ? "yes" : "no");
        }

        foreach (var right in report.Body.Accounts)
        {
            await csv.Row(cancel, "account", right.Email, right.Role, right.Account, Time(right.Since));
        }

        foreach (var size in report.Body.Organisations)
        {
            await csv.Row(cancel, "members", "", "Member", size.Account, "", "", "", size.Members);
        }

        foreach (var change in report.Body.Changes)
        {
            await csv.Row(cancel, "change", change.By, change.Action, change.Account, Time(change.At), "", "", change.Detail, change.Before, change.After, change.Reason);
        }

        await csv.Row(cancel, "audit", "", "", "", Time(report.MadeAt), "", "", $"{report.AuditSequence} {report.AuditHash}");
        return default(Done);
    }

    private static string? Time(DateTimeOffset? at) => at is { } moment ? Csv.Time(moment) : null;
}

/// <param name="AuditHash">The end of the audit's chain when it was written.</param>
public sealed record PermissionView(DateTimeOffset Month, DateTimeOffset MadeAt, PermissionBody Body, long AuditSequence, string AuditHash);
