using System.Text.Json;
using Portal.Data;
using Portal.Data.Prompts;

namespace Portal.Prompts.Batches;

/// <summary>A batch as its owner sees it.</summary>
/// <param name="Metadata">The caller's own notes; null: none.</param>
/// <param name="Problems">Why it failed; empty: it did not.</param>
/// <param name="EndedAt">When it reached the status that it ended in.</param>
public sealed record BatchView(
    Guid Id, string Endpoint, BatchStatus Status, Guid InputFileId, string InputName, Guid? OutputFileId, Guid? ErrorFileId, int Total, int Completed, int Failed,
    Money Charged, IReadOnlyDictionary<string, string>? Metadata, IReadOnlyList<BatchProblem> Problems, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? InProgressAt, DateTimeOffset? CancellingAt, DateTimeOffset? FinalizingAt, DateTimeOffset? EndedAt)
{
    /// <summary>Whether anything about it will still change.</summary>
    public bool IsOpen => EndedAt is null;

    public bool MayCancel => Status is BatchStatus.Validating or BatchStatus.InProgress;

    internal static BatchView Of(Batch b) => new(
        b.Id, b.Endpoint, b.Status, b.InputFileId, b.InputName, b.OutputFileId, b.ErrorFileId, b.Total, b.Completed, b.Failed, new Money(b.ChargedNanos),
        b.Metadata is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(b.Metadata),
        b.Errors is null ? [] : JsonSerializer.Deserialize<List<BatchProblem>>(b.Errors)!,
        b.CreatedAt, b.ExpiresAt, b.InProgressAt, b.CancellingAt, b.FinalizingAt, b.EndedAt);
}
