using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Portal.Prompts.Api.Account;
using Portal.Prompts.Api.Json;

namespace Portal.Prompts.Api.Document;

/// <summary><c>/openapi/v1.json</c>: the endpoints that programs call with a key, read off what is mapped.</summary>
public static class ApiDocument
{
    private const string Name = "v1";
    private const string Security = "key";

    /// <summary>What any endpoint may answer besides its own.</summary>
    private static readonly int[] Refusals = [400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 503];

    public static void AddApiDocument(this IServiceCollection services)
    {
        // The document's fields are the API's own.
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.PropertyNamingPolicy = ApiJson.Options.PropertyNamingPolicy);
        services.AddOpenApi(Name, options =>
        {
            options.ShouldInclude = endpoint => $"/{endpoint.RelativePath}/" is var path
                && (path.StartsWith(PromptApiSetup.Root + "/", StringComparison.Ordinal) || path.StartsWith(AccountApiSetup.Root + "/", StringComparison.Ordinal));

            // Parts of an answer are types within it: their names alone would not be unique.
            options.CreateSchemaReferenceId = type => OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } id && type.Type is { IsNested: true, IsGenericType: false, DeclaringType: { } whole }
                ? whole.Name + id
                : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = "Portal", Version = Name };
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
                document.Components.SecuritySchemes[Security] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" };
                document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Security, document)] = [] }];
                return Task.CompletedTask;
            });
        });
    }

    public static void MapApiDocument(this IEndpointRouteBuilder routes) => routes.MapOpenApi();

    /// <summary>Tells the document what an endpoint reads by itself.</summary>
    internal static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, string summary)
        where T : notnull => endpoint.Accepts<T>("application/json").WithSummary(summary);

    /// <summary>Tells the document of what pieces an endpoint's stream is.</summary>
    internal static RouteHandlerBuilder Streams<T>(this RouteHandlerBuilder endpoint) => endpoint.AddOpenApiOperationTransformer(async (operation, context, cancel) =>
        operation.Responses!["200"].Content!["text/event-stream"] = new OpenApiMediaType { Schema = await context.GetOrCreateSchemaAsync(typeof(T), null, cancel) });

    /// <summary>Tells the document how every endpoint of a group says no.</summary>
    internal static RouteGroupBuilder Refuses(this RouteGroupBuilder group)
    {
        foreach (var status in Refusals)
        {
            group.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ErrorJson), ["application/json"]));
        }

        return group;
    }

    /// <summary>Tells the document what an endpoint writes by itself.</summary>
    internal static RouteHandlerBuilder Gives<T>(this RouteHandlerBuilder endpoint, string? summary = null)
    {
        var told = endpoint.Produces<T>();
        return summary is null ? told : told.WithSummary(summary);
    }
}
