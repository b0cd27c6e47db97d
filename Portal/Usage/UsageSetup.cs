using Portal.Accounts;
using Portal.Usage.Alerts;

namespace Portal.Usage;

public static class UsageSetup
{
    public const string ExportPath = "/usage/export.csv";

    public static void AddUsage(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<UsageReport>();
        builder.Services.AddSingleton<UsageRequests>();
        builder.Services.AddSingleton<ProjectUsage>();
        builder.Services.AddSingleton<UsageExport>();
        builder.Services.AddSingleton<AlertLetters>();
        builder.Services.AddSingleton<AlertRun>();
        builder.Services.AddSingleton<AlertDesk>();
    }

    /// <summary>The export as a download, for whoever is signed in; the query is the filter of the page.</summary>
    public static void MapUsage(this WebApplication app) => app
        .MapGet(ExportPath, async (UsageRange? range, string? model, Guid? member, HttpContext http, Callers callers, UsageExport export, CancellationToken cancel) =>
        {
            if (await callers.Resolve(http.User, cancel) is not { } caller)
            {
                return Results.Unauthorized();
            }

            // No model is called that, and not every database takes it.
            if (model?.Contains('\0', StringComparison.Ordinal) == true)
            {
                return Results.BadRequest();
            }

            var filter = new UsageFilter(range ?? UsageRange.Days30, string.IsNullOrEmpty(model) ? null : model, member);
            if (!Enum.IsDefined(filter.Range) || !(await export.Check(caller, filter, cancel)).IsDone(out _))
            {
                return Results.NotFound();
            }

            return Results.Stream(async body => await export.Write(caller, filter, body, cancel), Csv.ContentType, "usage.csv");
        })
        .RequireAuthorization().WithMetadata(new SeenOnVisitsAttribute()).ExcludeFromDescription();
}
