namespace Portal.Payments;

public sealed class WebhookProcessor
{
    public Task ProcessAsync(string eventId, CancellationToken ct) => Task.CompletedTask;
}
