using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api;

/// <summary>Requests that are refused before they reach a model: the answer says why, and nothing is charged. One customer sends them all.</summary>
public sealed class RefusedRequestsTests(RefusedRequestsTests.Sender sender) : IClassFixture<RefusedRequestsTests.Sender>
{
    private const string Chat = """{"model":"guide","messages":[{"role":"user","content":"What is a token?"}]}""";

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", 400, "api.missing")]
    [InlineData("""{"model":"guide"}""", 400, "api.missing")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"n":2}""", 400, "api.unsupported")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"n":0}""", 400, "api.unsupported")]
    [InlineData("""{"model":"guide","messages":"x"}""", 400, "api.json")]
    [InlineData("""{"model":7,"messages":[{"role":"user","content":"x"}]}""", 400, "api.json")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}""", 400, "api.unsupported")]
    [InlineData("""{"model":"guide","messages":[{"role":"robot","content":"x"}]}""", 422, "prompt.messages")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":" \u0000\u0007 "}]}""", 422, "prompt.empty")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", 422, "prompt.max-tokens")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"max_tokens":100000}""", 422, "prompt.max-tokens")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"temperature":-1}""", 422, "prompt.range")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"frequency_penalty":2.5}""", 422, "prompt.range")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"repetition_penalty":0}""", 422, "prompt.range")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"logprobs":true,"top_logprobs":21}""", 422, "prompt.range")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"top_logprobs":2}""", 400, "api.unsupported")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"temperature":"NaN"}""", 400, "api.json")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"max_tokens":1e99}""", 400, "api.json")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"half \ud83d of one"}]}""", 400, "api.json")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":[{"type":"text","text":"\udc00"}]}]}""", 400, "api.json")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"stop":["\ud83d"]}""", 400, "api.json")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"response_format":{"type":1}}""", 400, "api.json")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"functions":[{"name":"f"}]}""", 400, "api.unsupported")]
    [InlineData("""{"model":"guide","messages":[{"role":"user","content":"x"}],"logit_bias":{"50256":-100}}""", 400, "api.unsupported")]
    [InlineData("{not json", 400, "api.json")]
    [InlineData("null", 400, "api.json")]
    [InlineData("""{"model":"shapes","messages":[{"role":"user","content":"x"}]}""", 404, "model_not_found")]
    public async Task A_wrong_request_is_refused_and_free(string body, int status, string code)
    {
        var (answered, error) = await Refused("v1/chat/completions", body);

        Assert.Equal((status, code), ((int)answered, error.GetProperty("code").GetString()));
        Assert.NotEqual(code, error.GetProperty("message").GetString());
        Assert.Empty(await sender.Customer.Usage(sender));
    }

    [Theory]
    [InlineData("""{"model":"shapes","prompt":"x","size":"16384x16384"}""", 422, "prompt.size")]
    [InlineData("""{"model":"shapes","prompt":"x","size":"-64x64"}""", 400, "api.unsupported")]
    [InlineData("""{"model":"shapes","prompt":"x","steps":0}""", 422, "prompt.steps")]
    [InlineData("""{"model":"shapes","prompt":"x","n":100}""", 422, "prompt.count")]
    [InlineData("""{"model":"shapes","prompt":"x","response_format":"url"}""", 400, "api.unsupported")]
    [InlineData("""{"model":"shapes","prompt":"  "}""", 422, "prompt.empty")]
    [InlineData("""{"model":"guide","prompt":"x"}""", 404, "model_not_found")]
    public async Task A_wrong_picture_is_refused_and_free(string body, int status, string code)
    {
        var (answered, error) = await Refused("v1/images/generations", body);

        Assert.Equal((status, code), ((int)answered, error.GetProperty("code").GetString()));
        Assert.Empty(await sender.Customer.Usage(sender));
    }

    [Theory]
    [InlineData("""{"model":"auto","priority":"urgent","messages":[{"role":"user","content":"x"}]}""", 400, "api.unsupported")]
    [InlineData("""{"model":"auto","priority":"batch","messages":[{"role":"user","content":"x"}]}""", 404, "model_not_found")]
    [InlineData("""{"model":"guide","priority":"high","messages":[{"role":"user","content":"x"}]}""", 400, "model.priority-named")]
    public async Task A_priority_that_chooses_nothing_is_refused(string body, int status, string code)
    {
        var (answered, error) = await Refused("v1/chat/completions", body);

        Assert.Equal((status, code), ((int)answered, error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_prompt_of_100_000_characters_is_refused_with_both_figures()
    {
        var body = JsonSerializer.Serialize(new { model = "guide", messages = new[] { new { role = "user", content = new string('好', 100_000) } } });

        var (status, error) = await Refused("v1/chat/completions", body);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("100,000", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("20,000", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F24_A_body_of_10_MB_is_refused_without_being_read()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/chat/completions", UriKind.Relative)) { Content = Json(new string(' ', 10_000_000)) };
        request.Headers.ExpectContinue = true;

        var response = await sender.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("api.too-large", (await ErrorOf(response)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer pk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer ")]
    [InlineData("Basic dXNlcjpwYXNz")]
    public async Task Without_a_key_nobody_is_served(string? authorization)
    {
        using var stranger = sender.NewClient();
        if (authorization is not null) stranger.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        var response = await stranger.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), Json(Chat));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_api_key", (await ErrorOf(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_unknown_endpoint_answers_in_the_apis_shape()
    {
        var (status, error) = await Refused("v1/embeddings", "{}");

        Assert.Equal((HttpStatusCode.NotFound, "api.unknown"), (status, error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_body_that_is_said_to_be_a_form_is_refused_with_the_header_to_send()
    {
        using var body = new StringContent(Chat, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");

        var response = await sender.Client.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), body);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("application/json", (await ErrorOf(response)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, JsonElement Error)> Refused(string path, string body)
    {
        var response = await sender.Client.PostAsync(new Uri(path, UriKind.Relative), Json(body));
        return (response.StatusCode, await ErrorOf(response));
    }

    private static async Task<JsonElement> ErrorOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    /// <summary>A portal with one customer who never pays for what is refused; checked when all is sent.</summary>
    public sealed class Sender : PortalApp, IAsyncLifetime
    {
        internal Customer Customer { get; private set; } = null!;

        public HttpClient Client { get; private set; } = null!;

        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            Customer = await Customer.Arrive(this);
            Client = NewClient();
            Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Customer.ApiKey);
        }

        async ValueTask IAsyncDisposable.DisposeAsync()
        {
            Client.Dispose();
            await Books.AssertClean(Database.Factory);
            Assert.Empty(Errors);
            await DisposeAsync();
        }
    }
}
