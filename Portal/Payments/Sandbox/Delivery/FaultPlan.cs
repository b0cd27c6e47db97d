namespace Portal.Payments.Sandbox.Delivery;

/// <summary>What goes wrong on purpose; the default is nothing.</summary>
/// <param name="DelaySeconds">Webhooks are sent that much later.</param>
/// <param name="Duplicates">Each webhook is sent that many times more.</param>
/// <param name="Reorder">Webhooks that are due together are sent newest first.</param>
/// <param name="LoseWebhooks">Webhooks count as sent and are not.</param>
/// <param name="LoseAnswers">That many API calls take effect and their answer never arrives.</param>
/// <param name="ApiDown">API calls are answered with 503 and have no effect.</param>
/// <param name="WebhooksDown">Webhooks stay unsent until this ends.</param>
public sealed record FaultPlan(
    int DelaySeconds = 0, int Duplicates = 0, bool Reorder = false, bool LoseWebhooks = false, int LoseAnswers = 0, bool ApiDown = false, bool WebhooksDown = false);
