using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Portal.Prompts.Api.Rates;
using Portal.Prompts.Batches;

namespace Portal.Prompts.Api;

/// <summary>The endpoints that programs call, in the shapes of OpenAI's API.</summary>
public static class PromptApiSetup
{
    internal const string Root = "/v1";

    // 20,000 characters as JSON escapes, with room for the rest of a request.
    private const long BodyBytesMax = 1 << 20;

    public static void AddPromptApi(this IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Scheme, null);
        services.AddSingleton<ApiErrors>();
        services.AddSingleton<RequestRates>();
        services.AddExceptionHandler<ApiFailures>();
        services.AddSingleton<IdempotentRequests>();
        services.AddSingleton<ChatCompletions>();
        services.AddSingleton<ImageGenerations>();
        services.AddSingleton<ModelList>();
    }

    public static void MapPromptApi(this WebApplication app)
    {
        var api = app.MapGroup(Root).WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax));
        var keyed = api.MapGroup("").RequireAuthorization(new AuthorizationPolicyBuilder(ApiKeyHandler.Scheme).RequireAuthenticatedUser().Build())
            .AddEndpointFilter(KeepToRate);
        keyed.MapPost("/chat/completions", (HttpContext http, ChatCompletions chat) => chat.Handle(http));
        keyed.MapPost("/images/generations", (HttpContext http, ImageGenerations images) => images.Handle(http));
        keyed.MapGet("/models", (HttpContext http, ModelList models) => models.Handle(http));
        keyed.MapGet("/models/{id}", (HttpContext http, string id, ModelList models) => models.Handle(http, id));
        keyed.MapBatchApi();
        api.Map("/{**path}", (HttpContext http, ApiErrors errors) => errors.Write(http, new Refusal("api.unknown", $"{http.Request.Method} {http.Request.Path}")));
    }

    private static async ValueTask<object?> KeepToRate(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var (http, services) = (call.HttpContext, call.HttpContext.RequestServices);
        if (services.GetRequiredService<RequestRates>().Take(http, RateRule.Requests, ApiKeyHandler.KeyOf(http).ToString()!) is not { } refusal)
        {
            return await next(call);
        }

        await services.GetRequiredService<ApiErrors>().Write(http, refusal);
        return Results.Empty;
    }
}
