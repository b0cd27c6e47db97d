using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Prompts.Api;
using Portal.Prompts.Api.Account;
using Portal.Prompts.Api.Json;
using Portal.Prompts.Api.Text;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api.Document;

public sealed class ApiDocumentTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Every_endpoint_that_takes_a_key_is_in_the_document()
    {
        var mapped = from endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                     let path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
                     where (path.StartsWith("/v1/", StringComparison.Ordinal) || path.StartsWith("/api/v1/", StringComparison.Ordinal)) && !path.Contains("{**", StringComparison.Ordinal)
                     from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                     select $"{method.ToLowerInvariant()} {path}";

        var described = (await Document()).GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name} {path.Name}"));

        Assert.Equal(mapped.Order(), described.Order());
    }

    [Theory]
    [InlineData(typeof(ChatCompletionRequest))]
    [InlineData(typeof(CompletionRequest))]
    [InlineData(typeof(ImageGenerationRequest))]
    [InlineData(typeof(ChatCompletionJson))]
    [InlineData(typeof(TextCompletionJson))]
    [InlineData(typeof(ImagesJson))]
    [InlineData(typeof(ModelListJson))]
    [InlineData(typeof(ErrorJson))]
    [InlineData(typeof(TokenUsageJson))]
    [InlineData(typeof(BalanceJson))]
    [InlineData(typeof(QuoteJson))]
    [InlineData(typeof(UsageListJson))]
    [InlineData(typeof(SeatJson))]
    public async Task A_schema_has_the_fields_that_are_read_and_written(Type type)
    {
        var schema = (await Document()).GetProperty("components").GetProperty("schemas").GetProperty(type.Name);

        var options = new JsonSerializerOptions(ApiJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        var fields = options.GetTypeInfo(type).Properties.Select(p => p.Name);
        Assert.Equal(fields.Order(), schema.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order());
    }

    [Fact]
    public async Task An_endpoint_tells_what_its_stream_is_made_of_and_how_it_refuses()
    {
        var responses = (await Document()).GetProperty("paths").GetProperty("/v1/chat/completions").GetProperty("post").GetProperty("responses");

        var piece = responses.GetProperty("200").GetProperty("content").GetProperty("text/event-stream").GetProperty("schema");
        Assert.True(piece.GetProperty("properties").TryGetProperty("choices", out _));
        Assert.All((string[])["400", "401", "402", "404", "413", "422", "429", "503"], status => Assert.EndsWith(
            nameof(ErrorJson), responses.GetProperty(status).GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()));
    }

    private async Task<JsonElement> Document()
    {
        using var client = portal.NewClient();
        return await client.GetFromJsonAsync<JsonElement>(new Uri("openapi/v1.json", UriKind.Relative));
    }
}
