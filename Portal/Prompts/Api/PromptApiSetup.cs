using Portal.Data.Accounts;
using Portal.Prompts.Api.Account;
using Portal.Prompts.Api.Document;
using Portal.Prompts.Api.Json;
using Portal.Prompts.Api.Rates;
using Portal.Prompts.Api.Signals;
using Portal.Prompts.Api.Text;
using Portal.Prompts.Batches;

namespace Portal.Prompts.Api;

/// <summary>The endpoints that programs call, in the shapes of OpenAI's API.</summary>
public static class PromptApiSetup
{
    internal const string Root = "/v1";

    public static void AddPromptApi(this IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Scheme, null);
        services.AddSingleton<ApiErrors>();
        services.AddSingleton<RequestRates>();
        services.AddSingleton<AbuseWatch>();
        services.AddSingleton<SignalDesk>();
        services.AddExceptionHandler<ApiFailures>();
        services.AddSingleton<IdempotentRequests>();
        services.AddSingleton<TextCompletions>();
        services.AddSingleton<ImageGenerations>();
        services.AddSingleton<ModelList>();
        services.AddAccountApi();
        services.AddApiDocument();
    }

    public static void MapPromptApi(this WebApplication app)
    {
        var text = app.MapKeyed(Root, KeyEndpoints.Text);
        text.MapPost("/chat/completions", (HttpContext http, TextCompletions texts) => texts.Handle<ChatCompletionRequest>(http)).Takes<ChatCompletionRequest>("Answers a conversation, whole or as server-sent events.").Gives<ChatCompletionJson>().Streams<ChatChunkJson>();
        text.MapPost("/completions", (HttpContext http, TextCompletions texts) => texts.Handle<CompletionRequest>(http)).Takes<CompletionRequest>("Answers one text, whole or as server-sent events.").Gives<TextCompletionJson>();
        var images = app.MapKeyed(Root, KeyEndpoints.Images);
        images.MapPost("/images/generations", (HttpContext http, ImageGenerations images) => images.Handle(http)).Takes<ImageGenerationRequest>("Draws pictures.").Gives<ImagesJson>();
        var models = app.MapKeyed(Root, KeyEndpoints.Models);
        models.MapGet("/models", (HttpContext http, ModelList models) => models.Handle(http)).Gives<ModelListJson>("The models and aliases that the key may use.");
        models.MapGet("/models/{id}", (HttpContext http, string id, ModelList models) => models.Handle(http, id)).Gives<ModelJson>("One of them.");
        app.MapKeyed(Root, KeyEndpoints.Batches).MapBatchApi();
        app.MapAccountApi();
        app.MapApiDocument();
        foreach (var root in (string[])[Root, AccountApiSetup.Root])
        {
            app.MapGroup(root).Map("/{**path}", (HttpContext http, ApiErrors errors) => errors.Write(http, WhyNowhere(http.Request))).ExcludeFromDescription();
        }
    }

    /// <summary>A body that is said to be none of JSON is led to no endpoint either: curl says so of what it was told nothing about.</summary>
    private static Refusal WhyNowhere(HttpRequest request) => HttpMethods.IsPost(request.Method) && !request.HasJsonContentType()
        ? new Refusal("api.content-type")
        : new Refusal("api.unknown", $"{request.Method} {request.Path}");
}
