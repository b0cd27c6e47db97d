namespace Portal.Data.Payments;

/// <summary>An event of the gateway, stored before it is acted on.</summary>
public sealed class WebhookEvent
{
    public const int ErrorLengthMax = 1000;

    /// <summary>The gateway's event id; unique, so that a replay is a no-op.</summary>
    public required string Id { get; set; }

    public required string Type { get; set; }

    public required string Body { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    public DateTimeOffset? ProcessedAt { get; set; }

    public int Attempts { get; set; }

    /// <summary>Set while it waits for a payment that it names and nobody here has heard of; null: it is processed as soon as can be.</summary>
    public DateTimeOffset? NextTryAt { get; set; }

    /// <summary>What is wrong, or was when it was processed: it then concerns nothing of this portal.</summary>
    public string? Error { get; set => field = Fitted.To(value, ErrorLengthMax); }
}
