using System.Text.Json.Nodes;
using Portal.Payments.Sandbox.Resources;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox.Hosted;

/// <summary>What a person does on the hosted pages: pays a session, confirms with the bank, or fails to. A second click finds the session complete.</summary>
public sealed class HostedPayment(SandboxServer server, TimeProvider time)
{
    public Task<JsonObject?> FindSession(string id, CancellationToken cancel) =>
        server.RunAsync(work => work.Find(CheckoutSessions.Type, id, cancel), cancel);

    /// <summary>An intent that waits for its card holder; null when there is none.</summary>
    public Task<JsonObject?> FindWaitingIntent(string id, CancellationToken cancel) => server.RunAsync(async work =>
        await Intent(work, id, cancel) is { } intent && Json.Text(intent, "status") == "requires_action" ? intent : null, cancel);

    public Task<HostedStep> Pay(string sessionId, CardInput input, string? name, CancellationToken cancel) => server.RunAsync(async work =>
    {
        if (await work.Find(CheckoutSessions.Type, sessionId, cancel) is not { } session) return HostedStep.Gone;
        if (Json.Text(session, "status") != "open") return Finished(session);
        var (card, wrong) = input.Check(time.GetUtcNow());
        if (card is null) return new HostedStep(null, wrong);

        var method = PaymentMethods.Add(work, card, input, name, Json.TextOrNull(session, "customer_email"));
        var intent = (await Intent(work, IntentOf(session), cancel))!;
        var confirm = SandboxPaths.AuthenticateIntent(IntentOf(session));
        var absolute = new Uri(new Uri(Json.Text(session, "success_url")), confirm).ToString();
        var decline = Json.Text(session, "mode") == "payment"
            ? Charging.Confirm(work, intent, method, Charging.Presence.OnSession, absolute, null)
            : SetupIntents.Save(work, intent, method, authenticated: false, absolute);
        if (decline is not null) return new HostedStep(null, decline);
        if (Json.Text(intent, "status") == "requires_action") return new HostedStep(confirm, null);
        CheckoutSessions.Complete(work, session, method);
        return Finished(session);
    }, cancel);

    /// <param name="confirmed">What the card holder answered.</param>
    public Task<HostedStep> Authenticate(string intentId, bool confirmed, CancellationToken cancel) => server.RunAsync(async work =>
    {
        if (await Intent(work, intentId, cancel) is not { } intent) return HostedStep.Gone;
        var type = Json.Text(intent, "object");
        var (sessions, _) = await work.List(new SandboxQuery(CheckoutSessions.Type, [(type, intentId)], 1), cancel);
        var session = sessions.SingleOrDefault();
        if (session is not null && Json.Text(session, "status") != "open") return Finished(session);
        var returnUrl = Json.TextOrNull(intent, "next_action", "redirect_to_url", "return_url") ?? "/";
        if (Json.Text(intent, "status") != "requires_action") return new HostedStep(session is null ? returnUrl : Page(session), null);

        var method = (await work.Find(PaymentMethods.Type, Json.Text(intent, "payment_method"), cancel))!;
        if (!confirmed)
        {
            if (type == PaymentIntents.Type) Charging.FailAuthentication(work, intent, method);
            else SetupIntents.FailAuthentication(work, intent);
            return new HostedStep(session is null ? returnUrl : Page(session) + "?authentication=failed", null);
        }
        if (type == PaymentIntents.Type) Charging.Confirm(work, intent, method, Charging.Presence.Authenticated, "", null);
        else SetupIntents.Save(work, intent, method, authenticated: true, "");
        if (session is null) return new HostedStep(returnUrl, null);
        CheckoutSessions.Complete(work, session, method);
        return Finished(session);
    }, cancel);

    /// <summary>Where a person whose session is over goes: back to the shop when it was paid, nowhere when it expired.</summary>
    public static HostedStep Finished(JsonObject session) => Json.Text(session, "status") == "complete"
        ? new HostedStep(Json.Text(session, "success_url").Replace("{CHECKOUT_SESSION_ID}", Json.Text(session, "id"), StringComparison.Ordinal), null)
        : HostedStep.Gone;

    private static string Page(JsonObject session) => SandboxPaths.Checkout(Json.Text(session, "id"));

    private static string IntentOf(JsonObject session) => Json.TextOrNull(session, "payment_intent") ?? Json.Text(session, "setup_intent");

    private static async Task<JsonObject?> Intent(SandboxWork work, string id, CancellationToken cancel) =>
        await work.Find(id.StartsWith("pi_", StringComparison.Ordinal) ? PaymentIntents.Type : SetupIntents.Type, id, cancel);
}
