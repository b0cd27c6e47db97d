using Portal.Payments.Sandbox.Delivery;
using Portal.Payments.Sandbox.Hosted;
using Portal.Payments.Sandbox.Resources;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox;

internal static class SandboxEndpoints
{
    public static void Map(IEndpointRouteBuilder app, bool faultsOnDemand)
    {
        MapApi(app.MapGroup(SandboxPaths.Api + "/v1"));
        HostedEndpoints.Map(app);
        if (!faultsOnDemand) return;
        app.MapGet(SandboxPaths.Faults, (SandboxFaults faults) => faults.Plan);
        app.MapPost(SandboxPaths.Faults, (FaultPlan plan, SandboxFaults faults, WebhookSender sender) =>
        {
            faults.Set(plan);
            sender.Wake();
            return plan;
        });
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        Post(api, "/checkout/sessions", CheckoutSessions.CreateAsync);
        Post(api, "/checkout/sessions/{id}/expire", CheckoutSessions.ExpireAsync);
        Read(api, "/checkout/sessions", CheckoutSessions.Type, "customer", "payment_intent", "status");
        Post(api, "/payment_intents", PaymentIntents.CreateAsync);
        Post(api, "/payment_intents/{id}/confirm", PaymentIntents.ConfirmAsync);
        Post(api, "/payment_intents/{id}/cancel", PaymentIntents.CancelAsync);
        Read(api, "/payment_intents", PaymentIntents.Type, "customer");
        Post(api, "/setup_intents", SetupIntents.CreateAsync);
        Post(api, "/setup_intents/{id}/confirm", SetupIntents.ConfirmAsync);
        Read(api, "/setup_intents", SetupIntents.Type, "customer", "payment_method");
        Post(api, "/customers", Customers.CreateAsync);
        Post(api, "/customers/{id}", Customers.UpdateAsync);
        Get(api, "/customers/{id}/payment_methods", PaymentMethods.ListOfCustomerAsync);
        Read(api, "/customers", Customers.Type, "email");
        Post(api, "/payment_methods", PaymentMethods.CreateAsync);
        Post(api, "/payment_methods/{id}/attach", PaymentMethods.AttachAsync);
        Post(api, "/payment_methods/{id}/detach", PaymentMethods.DetachAsync);
        Get(api, "/payment_methods", PaymentMethods.ListAsync);
        Get(api, "/payment_methods/{id}", call => call.GetAsync(PaymentMethods.Type));
        Post(api, "/refunds", Refunds.CreateAsync);
        Read(api, "/refunds", Refunds.Type, "charge", "payment_intent");
        Read(api, "/charges", "charge", "customer", "payment_intent");
        Read(api, "/balance_transactions", "balance_transaction", "source", "type");
        Post(api, "/disputes/{id}", Disputes.UpdateAsync);
        Post(api, "/disputes/{id}/close", Disputes.CloseAsync);
        Read(api, "/disputes", Disputes.Type, "charge", "payment_intent");
        Read(api, "/events", SandboxWork.EventType, "type");
        api.Map("/{**rest}", (HttpContext http, SandboxServer server) =>
            server.HandleAsync(http, _ => Task.FromResult<SandboxAnswer>(StripeError.NoSuchUrl(http.Request.Method, http.Request.Path.Value!.Replace(SandboxPaths.Api, "", StringComparison.Ordinal)))));
    }

    /// <summary>One object by id, and the list, which the named fields filter.</summary>
    private static void Read(RouteGroupBuilder api, string path, string type, params string[] filters)
    {
        Get(api, path + "/{id}", call => call.GetAsync(type));
        Get(api, path, call => call.ListAsync(type, "/v1" + path, filters));
    }

    private static void Get(RouteGroupBuilder api, string path, Func<SandboxCall, Task<SandboxAnswer>> resource) =>
        api.MapGet(path, (HttpContext http, SandboxServer server) => server.HandleAsync(http, resource));

    private static void Post(RouteGroupBuilder api, string path, Func<SandboxCall, Task<SandboxAnswer>> resource) =>
        api.MapPost(path, (HttpContext http, SandboxServer server) => server.HandleAsync(http, resource));
}
