using Portal.Data.Prompts;
using Portal.Prompts.Batches.Files;

namespace Portal.Prompts.Batches.Api;

/// <summary>Files and batches in OpenAI's shapes.</summary>
internal static class ApiObjects
{
    public static object Of(FileView file) => new
    {
        Id = ApiIds.File(file.Id), Object = "file", file.Bytes, CreatedAt = Seconds(file.CreatedAt), ExpiresAt = Seconds(file.ExpiresAt), Filename = file.Name,
        file.Purpose, Status = "processed", StatusDetails = (string?)null,
    };

    public static object Of(BatchView b) => new
    {
        Id = ApiIds.Batch(b.Id), Object = "batch", b.Endpoint,
        Errors = b.Problems.Count == 0 ? null : new { Object = "list", Data = b.Problems },
        InputFileId = ApiIds.File(b.InputFileId), CompletionWindow = BatchDesk.Window, Status = Word(b.Status),
        OutputFileId = b.OutputFileId is { } output ? ApiIds.File(output) : null, ErrorFileId = b.ErrorFileId is { } error ? ApiIds.File(error) : null,
        CreatedAt = Seconds(b.CreatedAt), InProgressAt = Seconds(b.InProgressAt), ExpiresAt = Seconds(b.ExpiresAt), FinalizingAt = Seconds(b.FinalizingAt),
        CompletedAt = Ended(b, BatchStatus.Completed), FailedAt = Ended(b, BatchStatus.Failed), ExpiredAt = Ended(b, BatchStatus.Expired),
        CancellingAt = Seconds(b.CancellingAt), CancelledAt = Ended(b, BatchStatus.Cancelled),
        RequestCounts = new { b.Total, b.Completed, b.Failed }, b.Metadata,
    };

    /// <summary>A page of a list; one more than the page tells whether there are more.</summary>
    public static object Page<T>(IReadOnlyList<T> found, int most, Func<T, object> write, Func<T, string> id)
    {
        var page = found.Take(most).ToList();
        return new
        {
            Object = "list", Data = page.Select(write), FirstId = page.Count == 0 ? null : id(page[0]), LastId = page.Count == 0 ? null : id(page[^1]),
            HasMore = found.Count > most,
        };
    }

    private static string Word(BatchStatus status) => status switch
    {
        BatchStatus.Validating => "validating",
        BatchStatus.Failed => "failed",
        BatchStatus.InProgress => "in_progress",
        BatchStatus.Finalizing => "finalizing",
        BatchStatus.Completed => "completed",
        BatchStatus.Expired => "expired",
        BatchStatus.Cancelling => "cancelling",
        _ => "cancelled",
    };

    private static long? Ended(BatchView batch, BatchStatus status) => batch.Status == status ? Seconds(batch.EndedAt) : null;

    private static long? Seconds(DateTimeOffset? at) => at?.ToUnixTimeSeconds();
}
