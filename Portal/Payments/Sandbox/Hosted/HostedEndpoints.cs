using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox.Hosted;

/// <summary>The pages that a person sees at the gateway: plain forms, rendered on the server, working without scripts.</summary>
internal static class HostedEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(SandboxPaths.CheckoutPage + "/{id}", Show);
        app.MapPost(SandboxPaths.CheckoutPage + "/{id}", Pay);
        app.MapGet("/sandbox/authenticate/{id}", ShowAuthentication);
        app.MapPost("/sandbox/authenticate/{id}", Authenticate);
    }

    private static async Task Show(string id, HttpContext http, HostedPayment payment)
    {
        var session = await payment.FindSession(id, http.RequestAborted);
        var failed = http.Request.Query["authentication"] == "failed"
            ? new StripeError(402, "invalid_request_error", "", "payment_intent_authentication_failure")
            : null;
        if (session is null || Json.Text(session, "status") == "expired") await Gone(http, session);
        else if (Json.Text(session, "status") == "complete") http.Response.Redirect(HostedPayment.Finished(session).RedirectTo!);
        else await RenderAsync<CheckoutPage>(http, session, failed is null ? 200 : 402, new() { ["Session"] = session, ["Error"] = failed });
    }

    private static async Task Pay(string id, HttpContext http, HostedPayment payment)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        string Field(string name, int max) => form[name].ToString() is var text && text.Length > max ? text[..max] : form[name].ToString();
        var (number, expiry, name) = (Field("number", 40), Field("expiry", 10), Field("name", 100).Trim());
        var step = await payment.Pay(id, CardInput.Typed(number, expiry, Field("cvc", 10)), name.Length == 0 ? null : name, http.RequestAborted);
        if (step.RedirectTo is not null)
        {
            SeeOther(http, step.RedirectTo);
            return;
        }
        var session = await payment.FindSession(id, http.RequestAborted);
        if (step.Error is null || session is null) await Gone(http, session);
        else await RenderAsync<CheckoutPage>(http, session, step.Error.Status, new()
        {
            ["Session"] = session, ["Error"] = step.Error, ["Number"] = number, ["Expiry"] = expiry, ["Name"] = name,
        });
    }

    private static async Task ShowAuthentication(string id, HttpContext http, HostedPayment payment)
    {
        var intent = await payment.FindWaitingIntent(id, http.RequestAborted);
        if (intent is null) await Gone(http, null);
        else await RenderAsync<AuthenticatePage>(http, null, 200, new() { ["Intent"] = intent });
    }

    private static async Task Authenticate(string id, HttpContext http, HostedPayment payment)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var step = await payment.Authenticate(id, form["answer"] == "confirm", http.RequestAborted);
        if (step.RedirectTo is null) await Gone(http, null);
        else SeeOther(http, step.RedirectTo);
    }

    private static Task Gone(HttpContext http, JsonObject? session) =>
        RenderAsync<GonePage>(http, session, session is null ? 404 : 410, new() { ["BackUrl"] = session is null ? null : Json.TextOrNull(session, "cancel_url") });

    private static void SeeOther(HttpContext http, string url)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = url;
    }

    private static async Task RenderAsync<TPage>(HttpContext http, JsonObject? session, int status, Dictionary<string, object?> parameters)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        // The shop says in which language it was speaking; else the browser's or the person's choice stands.
        var locale = session is null ? null : Json.TextOrNull(session, "locale");
        if (locale is "zh" or "zh-CN") CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = new CultureInfo("zh-CN");
        else if (locale is "en") CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = new CultureInfo("en");
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        await new RazorComponentResult<TPage>(parameters) { StatusCode = status, PreventStreamingRendering = true }.ExecuteAsync(http);
    }
}
