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
        Post(api, "/checkout/sessions", CheckoutSessions.Create);
        Post(api, "/checkout/sessions/{id}/expire", CheckoutSessions.Expire);
        Read(api, "/checkout/sessions", CheckoutSessions.Type, "customer", "payment_intent", "status");
        Post(api, "/payment_intents", PaymentIntents.Create);
        Post(api, "/payment_intents/{id}/confirm", PaymentIntents.Confirm);
        Post(api, "/payment_intents/{id}/cancel", PaymentIntents.Cancel);
        Read(api, "/payment_intents", PaymentIntents.Type, "customer");
        Post(api, "/setup_intents", SetupIntents.Create);
        Post(api, "/setup_intents/{id}/confirm", SetupIntents.Confirm);
        Read(api, "/setup_intents", SetupIntents.Type, "customer", "payment_method");
        Post(api, "/customers", Customers.Create);
        Post(api, "/customers/{id}", Customers.Update);
        Get(api, "/customers/{id}/payment_methods", PaymentMethods.ListOfCustomer);
        Read(api, "/customers", Customers.Type, "email");
        Post(api, "/payment_methods", PaymentMethods.Create);
        Post(api, "/payment_methods/{id}/attach", PaymentMethods.Attach);
        Post(api, "/payment_methods/{id}/detach", PaymentMethods.Detach);
        Get(api, "/payment_methods", PaymentMethods.List);
        Get(api, "/payment_methods/{id}", call => call.Get(PaymentMethods.Type));
        Post(api, "/refunds", Resources.Refunds.Create);
        Read(api, "/refunds", Resources.Refunds.Type, "charge", "payment_intent");
        Read(api, "/charges", "charge", "customer", "payment_intent");
        Read(api, "/balance_transactions", "balance_transaction", "source", "type");
        Post(api, "/disputes/{id}", Resources.Disputes.Update);
        Post(api, "/disputes/{id}/close", Resources.Disputes.Close);
        Read(api, "/disputes", Resources.Disputes.Type, "charge", "payment_intent");
        Read(api, "/events", SandboxWork.EventType, "type");
        api.Map("/{**rest}", (HttpContext http, SandboxServer server) =>
            server.Handle(http, _ => Task.FromResult<SandboxAnswer>(StripeError.NoSuchUrl(http.Request.Method, http.Request.Path.Value!.Replace(SandboxPaths.Api, "", StringComparison.Ordinal)))));
    }

    /// <summary>One object by id, and the list, which the named fields filter.</summary>
    private static void Read(RouteGroupBuilder api, string path, string type, params string[] filters)
    {
        Get(api, path + "/{id}", call => call.Get(type));
        Get(api, path, call => call.List(type, "/v1" + path, filters));
    }

    private static void Get(RouteGroupBuilder api, string path, Func<SandboxCall, Task<SandboxAnswer>> resource) =>
        api.MapGet(path, (HttpContext http, SandboxServer server) => server.Handle(http, resource));

    private static void Post(RouteGroupBuilder api, string path, Func<SandboxCall, Task<SandboxAnswer>> resource) =>
        api.MapPost(path, (HttpContext http, SandboxServer server) => server.Handle(http, resource));
}
