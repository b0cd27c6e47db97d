using System.Globalization;
using Portal.Accounts;
using Portal.Support.Audit;
using Portal.Support.Permissions;

namespace Portal.Components.Pages.Audit;

/// <summary>The audit as a file, for administrators.</summary>
internal static class AuditEndpoints
{
    public const string ExportPath = "/audit/export.csv";

    public const string PermissionsPath = "/audit/permissions/report.csv";

    public static void MapAuditDownloads(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(ExportPath, async (string? person, string? action, string? account, string? day, HttpContext http, Callers callers, AuditExport export, CancellationToken cancel) =>
            await callers.Resolve(http.User, cancel) is { IsAdministrator: true } caller
                ? Results.Stream(target => export.Write(caller, new AuditFilter(person, action, account, DayOf(day)), target, cancel), Csv.ContentType, "audit.csv")
                : Results.NotFound())
            .ExcludeFromDescription();
        routes.MapGet(PermissionsPath, async (string? month, HttpContext http, Callers callers, PermissionReports reports, CancellationToken cancel) =>
            await callers.Resolve(http.User, cancel) is { IsAdministrator: true } caller && MonthOf(month) is { } of && (await reports.Read(caller, of, cancel)).IsDone(out _)
                ? Results.Stream(target => reports.Write(caller, of, target, cancel), Csv.ContentType, $"permissions-{month}.csv")
                : Results.NotFound())
            .ExcludeFromDescription();
    }

    /// <returns>The month's first instant in UTC; null for what is no month.</returns>
    public static DateTimeOffset? MonthOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) ? new DateTimeOffset(month.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;

    /// <returns>Null for what is no day that an audit can have, and has neighbours in every zone: it then asks for nothing.</returns>
    public static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1970 and < 9999 ? day : null;
}
