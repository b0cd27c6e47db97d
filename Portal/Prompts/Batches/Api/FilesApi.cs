using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Portal.Accounts;
using Portal.Prompts.Api;
using Portal.Prompts.Batches.Files;

namespace Portal.Prompts.Batches.Api;

/// <summary><c>/v1/files</c>.</summary>
public sealed class FilesApi(FileDesk files, ApiErrors errors)
{
    private const int PurposeBytesMax = 256;
    private const int PartsMax = 16;

    /// <summary>RFC 2046.</summary>
    private const int BoundaryLengthMax = 70;

    /// <summary>A file that is too large is found to be so before its part is.</summary>
    private const int BeyondFile = 1 << 20;

    public Task Upload(HttpContext http) => Answer(http, async caller => (await Receive(http, caller)).Then(ApiObjects.Of));

    public Task List(HttpContext http) => Answer(http, async caller =>
    {
        var query = http.Request.Query;
        var most = int.TryParse(query["limit"], out var limit) ? Math.Clamp(limit, 1, FileDesk.PageMax) : FileDesk.PageMax;
        var after = query["after"].ToString();
        if (after.Length > 0 && ApiIds.File(after) is null)
        {
            return Refusal.NotFound;
        }

        var found = await files.List(caller, query["purpose"].FirstOrDefault(), ApiIds.File(after), query["order"] == "asc", most + 1, http.RequestAborted);
        return found.Then(page => ApiObjects.Page(page, most, ApiObjects.Of, f => ApiIds.File(f.Id)));
    });

    public Task Find(HttpContext http, string id) => Answer(http, async caller => (await files.Find(caller, ApiIds.File(id) ?? Guid.Empty, http.RequestAborted)).Then(ApiObjects.Of));

    public Task Delete(HttpContext http, string id) => Answer(http, async caller =>
        (await files.Delete(caller, ApiIds.File(id) ?? Guid.Empty, http.RequestAborted)).Then<object>(_ => new { Id = id, Object = "file", Deleted = true }));

    public async Task Content(HttpContext http, string id)
    {
        var caller = ApiKeyHandler.CallerOf(http);
        var found = await files.Find(caller, ApiIds.File(id) ?? Guid.Empty, http.RequestAborted);
        if (!found.IsDone(out var refusal, out var file))
        {
            await errors.Write(http, refusal);
            return;
        }

        http.Response.ContentType = "application/octet-stream";
        http.Response.ContentLength = file.Bytes;
        await files.Send(caller, file.Id, http.Response.Body, http.RequestAborted);
    }

    private Task Answer(HttpContext http, Func<Caller, Task<Outcome<object>>> work) => errors.Answer(http, work(ApiKeyHandler.CallerOf(http)));

    /// <summary>The parts come in any order: the file is stored as it arrives and goes again when its purpose turns out to be another.</summary>
    private async Task<Outcome<FileView>> Receive(HttpContext http, Caller caller)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= BoundaryLengthMax } boundary)
        {
            return new Refusal("file.form");
        }

        FileView? stored = null;
        var kept = false;
        try
        {
            string? purpose = null;

            // The server's own limit is off: what is no file of ours must end too.
            var form = new MultipartReader(boundary, http.Request.Body) { BodyLengthLimit = files.BytesMax + BeyondFile };
            for (var parts = 0; await form.ReadNextSectionAsync(http.RequestAborted) is { } section;)
            {
                if (++parts > PartsMax)
                {
                    throw new InvalidDataException("too many parts");
                }

                var head = section.GetContentDispositionHeader();
                var name = HeaderUtilities.RemoveQuotes(head?.Name ?? default).Value;
                if (name == "purpose")
                {
                    purpose = await Short(section.Body, http.RequestAborted);
                }
                else if (name == "file" && stored is null)
                {
                    var fileName = HeaderUtilities.RemoveQuotes(head!.FileNameStar.HasValue ? head.FileNameStar : head.FileName).Value ?? "";
                    var outcome = await files.Store(caller, fileName, section.Body, http.RequestAborted);
                    if (!outcome.IsDone(out var refusal, out stored))
                    {
                        return refusal;
                    }
                }
            }

            if (stored is null || purpose is null)
            {
                return new Refusal("api.missing", stored is null ? "file" : "purpose");
            }

            kept = purpose == FilePurposes.Input;
            return kept ? stored : new Refusal("api.unsupported", "purpose");
        }
        catch (Exception e) when (e is IOException or InvalidDataException && !http.RequestAborted.IsCancellationRequested)
        {
            return new Refusal("file.form");
        }
        finally
        {
            // Also when the client is gone before the form's end.
            if (stored is not null && !kept)
            {
                await files.Delete(caller, stored.Id);
            }
        }
    }

    private static async Task<string> Short(Stream body, CancellationToken cancel)
    {
        var bytes = new byte[PurposeBytesMax];
        var read = await body.ReadAtLeastAsync(bytes, PurposeBytesMax, throwOnEndOfStream: false, cancel);
        return Encoding.UTF8.GetString(bytes, 0, read);
    }
}
