using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Portal.Accounts;
using Portal.Data.Accounts;
using Portal.Prompts.Api.Document;
using Portal.Prompts.Api.Rates;
using Portal.Prompts.Api.Signals;

namespace Portal.Prompts.Api;

/// <summary>Endpoints that programs call with a key: who calls, whether the key may, how often.</summary>
public static class ApiGroups
{
    /// <summary>20,000 characters as JSON escapes, with room for the rest of a request.</summary>
    public const long BodyBytesMax = 1 << 20;

    private static readonly AuthorizationPolicy Keyed = new AuthorizationPolicyBuilder(ApiKeyHandler.Scheme).RequireAuthenticatedUser().Build();

    /// <param name="needs">What the key must be allowed to call.</param>
    public static RouteGroupBuilder MapKeyed(this IEndpointRouteBuilder routes, string prefix, KeyEndpoints needs, long bodyBytesMax = BodyBytesMax)
    {
        var group = routes.MapGroup(prefix).RequireAuthorization(Keyed).WithMetadata(new RequestSizeLimitAttribute(bodyBytesMax)).Refuses();
        return group.AddEndpointFilter((call, next) => Admit(call, next, needs));
    }

    private static async ValueTask<object?> Admit(EndpointFilterInvocationContext call, EndpointFilterDelegate next, KeyEndpoints needs)
    {
        var (http, services) = (call.HttpContext, call.HttpContext.RequestServices);
        var caller = ApiKeyHandler.CallerOf(http);
        var refusal = KeepToRates(http, caller, services.GetRequiredService<RequestRates>(), services.GetRequiredService<AbuseWatch>())
            ?? (caller.KeyRights!.Allows(needs) ? null : new Refusal("key.endpoint", $"{http.Request.Method} {http.Request.Path}"));
        if (refusal is null)
        {
            return await next(call);
        }

        await services.GetRequiredService<ApiErrors>().Write(http, refusal);
        return Results.Empty;
    }

    private static Refusal? KeepToRates(HttpContext http, Caller caller, RequestRates rates, AbuseWatch watch)
    {
        var (key, address) = (caller.ApiKeyId.ToString()!, ClientNetwork.Of(http.Connection.RemoteIpAddress));
        if (address is not null)
        {
            watch.Saw(SignalRule.ManyKeys, address, key, caller.AccountId);
        }

        var refusal = rates.Take(http, RateRule.Requests, key);
        if (refusal is null && watch.SlowsDown(key, SignalRule.EmptyPrompts, SignalRule.LongInputs) is { } signal)
        {
            refusal = rates.Take(http, signal.Rate, key);
        }

        if (refusal is null && address is not null && watch.SlowsDown(address, SignalRule.ManyKeys) is { } crowd)
        {
            refusal = rates.Take(http, crowd.Rate, address);
        }

        return refusal;
    }
}
