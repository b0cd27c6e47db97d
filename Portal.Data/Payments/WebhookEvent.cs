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

    public string? Error { get; set => field = Fitted.To(value, ErrorLengthMax); }
}
