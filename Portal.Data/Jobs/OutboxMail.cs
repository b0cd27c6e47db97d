namespace Portal.Data.Jobs;

/// <summary>A mail that was decided in a transaction and is sent after it.</summary>
public sealed class OutboxMail
{
    /// <summary>A mail that was refused this often, over some hours, is given up.</summary>
    public const int AttemptsMax = 12;

    public const int SubjectLengthMax = 256;

    public Guid Id { get; set; }

    /// <summary>Why and for which window; unique, so that no mail is queued twice.</summary>
    public required string DedupKey { get; set; }

    public required string To { get; set; }

    public required string Subject { get; set => field = Fitted.To(value, SubjectLengthMax); }

    public required string Html { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset NextAttemptAt { get; set; }
}
