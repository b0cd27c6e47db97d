namespace Portal.Data.Prompts;

/// <summary>A file of prompts that run one by one when the models have time.</summary>
public sealed class Batch
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    /// <summary>Whose it is and in whose name its prompts run.</summary>
    public Guid MembershipId { get; set; }

    public Guid PersonId { get; set; }

    public Guid ProjectId { get; set; }

    /// <summary>Null: made in the browser.</summary>
    public Guid? ApiKeyId { get; set; }

    /// <summary>The path that every line goes to.</summary>
    public required string Endpoint { get; set; }

    public Guid InputFileId { get; set; }

    /// <summary>Kept beside the file, which may be deleted once its lines are read.</summary>
    public required string InputName { get; set; }

    public Guid? OutputFileId { get; set; }

    public Guid? ErrorFileId { get; set; }

    public BatchStatus Status { get; set; }

    /// <summary>What the finalizing batch becomes.</summary>
    public BatchStatus? Outcome { get; set; }

    /// <summary>The caller's own notes, a JSON object of strings; null: none.</summary>
    public string? Metadata { get; set; }

    /// <summary>Why it failed, a JSON array of code, message, param and line; null: it did not.</summary>
    public string? Errors { get; set; }

    public int Total { get; set; }

    public int Completed { get; set; }

    public int Failed { get; set; }

    /// <summary>What its prompts were charged, in nanos.</summary>
    public long ChargedNanos { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The end of its window: what has not run by then does not run.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? InProgressAt { get; set; }

    public DateTimeOffset? CancellingAt { get; set; }

    public DateTimeOffset? FinalizingAt { get; set; }

    /// <summary>When it reached the status that it ended in.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Which node's worker has it; no other touches it before <see cref="LeasedUntil"/>.</summary>
    public Guid? LeasedBy { get; set; }

    public DateTimeOffset LeasedUntil { get; set; }

    /// <summary>When a worker last had it: the one that waited longest is next.</summary>
    public DateTimeOffset WorkedAt { get; set; }
}
