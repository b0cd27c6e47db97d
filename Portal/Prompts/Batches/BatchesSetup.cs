using Microsoft.AspNetCore.Mvc;
using Portal.Accounts;
using Portal.Prompts.Batches.Api;
using Portal.Prompts.Batches.Files;
using Portal.Prompts.Batches.Work;

namespace Portal.Prompts.Batches;

public static class BatchesSetup
{
    /// <summary>Where the page's downloads are; the file's id follows.</summary>
    public const string DownloadPath = "/batches/files/";

    public static void AddBatches(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<BatchesOptions>().Bind(builder.Configuration.GetSection(BatchesOptions.Section))
            .Validate(o => o.FileMegabytesMax is >= 1 and <= 1_000, "Batches:FileMegabytesMax must be from 1 to 1000.")
            .Validate(o => o.AccountMegabytesMax >= 1, "Batches:AccountMegabytesMax must be 1 or more.")
            .Validate(o => o.LinesMax is >= 1 and <= 1_000_000, "Batches:LinesMax must be from 1 to 1000000.")
            .Validate(o => o.Parallel is >= 1 and <= 256, "Batches:Parallel must be from 1 to 256.")
            .Validate(o => o.KeptDays >= 1, "Batches:KeptDays must be 1 or more.")
            .ValidateOnStart();
        services.AddSingleton<FileDesk>();
        services.AddSingleton<BatchDesk>();
        services.AddSingleton<BatchSignal>();
        services.AddSingleton<BatchLeases>();
        services.AddSingleton<BatchIntake>();
        services.AddSingleton<BatchHours>();
        services.AddSingleton<BatchFinish>();
        services.AddSingleton<LineRunner>();
        services.AddSingleton<BatchTurn>();
        services.AddSingleton<FilesApi>();
        services.AddSingleton<BatchesApi>();
        services.AddSingleton<BatchWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<BatchWorker>());
    }

    /// <param name="keyed">The endpoints that programs call with a key.</param>
    public static void MapBatchApi(this IEndpointRouteBuilder keyed)
    {
        // A file's size is counted as it arrives; the server's own limit would be told as a broken connection.
        keyed.MapPost("/files", (HttpContext http, FilesApi files) => files.Upload(http)).WithMetadata(new DisableRequestSizeLimitAttribute());
        keyed.MapGet("/files", (HttpContext http, FilesApi files) => files.List(http));
        keyed.MapGet("/files/{id}", (HttpContext http, string id, FilesApi files) => files.Find(http, id));
        keyed.MapGet("/files/{id}/content", (HttpContext http, string id, FilesApi files) => files.Content(http, id));
        keyed.MapDelete("/files/{id}", (HttpContext http, string id, FilesApi files) => files.Delete(http, id));
        keyed.MapPost("/batches", (HttpContext http, BatchesApi batches) => batches.Create(http));
        keyed.MapGet("/batches", (HttpContext http, BatchesApi batches) => batches.List(http));
        keyed.MapGet("/batches/{id}", (HttpContext http, string id, BatchesApi batches) => batches.Find(http, id));
        keyed.MapPost("/batches/{id}/cancel", (HttpContext http, string id, BatchesApi batches) => batches.Cancel(http, id));
    }

    /// <summary>A file as a download, for whoever is signed in.</summary>
    public static void MapBatchDownloads(this WebApplication app) => app
        .MapGet(DownloadPath + "{id:guid}", async (Guid id, HttpContext http, Callers callers, FileDesk files, CancellationToken cancel) =>
        {
            if (await callers.Resolve(http.User, cancel) is not { } caller)
            {
                return Results.Unauthorized();
            }

            var found = await files.Find(caller, id, cancel);
            return found.IsDone(out _, out var file)
                ? Results.Stream(async body => await files.Send(caller, id, body, cancel), "application/jsonl", file.Name)
                : Results.NotFound();
        })
        .RequireAuthorization().ExcludeFromDescription();
}
