using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api;

/// <summary>The older endpoint for one text.</summary>
public sealed class CompletionsTests(PortalApp portal) : IClassFixture<PortalApp>, IAsyncLifetime
{
    private Customer customer = null!;
    private HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        customer = await Customer.Arrive(portal);
        client = portal.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", customer.ApiKey);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Books.AssertClean(portal.Database.Factory);
        Assert.Empty(portal.Errors);
    }

    [Theory]
    [InlineData("\"What is a token?\"")]
    [InlineData("[\"What is a token?\"]")]
    public async Task A_text_is_completed_and_counted_as_it_is_charged(string prompt)
    {
        var response = await Post($$"""{"model":"guide","prompt":{{prompt}},"max_tokens":100,"user":"ignored","logprobs":1}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        var choice = answer.GetProperty("choices")[0];
        Assert.Contains("small piece of text", choice.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(("text_completion", "stop"), (answer.GetProperty("object").GetString(), choice.GetProperty("finish_reason").GetString()));
        Assert.Equal(choice.GetProperty("logprobs").GetProperty("tokens").GetArrayLength(), choice.GetProperty("logprobs").GetProperty("token_logprobs").GetArrayLength());
        var usage = Assert.Single(await customer.Usage(portal));
        Assert.Equal((usage.InputTokens, usage.OutputTokens), (answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt64(), answer.GetProperty("usage").GetProperty("completion_tokens").GetInt64()));
        Assert.Equal([usage.Id.ToString()], response.Headers.GetValues("x-request-id"));
    }

    [Fact]
    public async Task Sixteen_tokens_are_answered_when_nothing_else_is_said()
    {
        var answer = await (await Post("""{"model":"guide","prompt":"What is a token?"}""")).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((16, "length"), (answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32(), answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString()));
    }

    [Fact]
    public async Task A_stream_says_the_same_piece_by_piece_with_its_usage_at_the_end()
    {
        var whole = (await (await Post("""{"model":"guide","prompt":"What is a token?","max_tokens":60}""")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("choices")[0].GetProperty("text").GetString();

        var stream = await (await Post("""{"model":"guide","prompt":"What is a token?","max_tokens":60,"stream":true,"stream_options":{"include_usage":true}}""")).Content.ReadAsStringAsync();

        var events = stream.Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement).ToList();
        Assert.Equal(whole, string.Concat(events.SelectMany(e => e.GetProperty("choices").EnumerateArray()).Select(c => c.GetProperty("text").GetString())));
        Assert.Single(events.SelectMany(e => e.GetProperty("choices").EnumerateArray()), c => c.GetProperty("finish_reason").ValueKind == JsonValueKind.String);
        Assert.True(events[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32() > 0);
        Assert.EndsWith("data: [DONE]\n\n", stream, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prompt":"x"}""", "api.missing")]
    [InlineData("""{"model":"guide"}""", "api.missing")]
    [InlineData("""{"model":"guide","prompt":null}""", "api.missing")]
    [InlineData("""{"model":"guide","prompt":["x","y"]}""", "api.unsupported")]
    [InlineData("""{"model":"guide","prompt":[]}""", "api.unsupported")]
    [InlineData("""{"model":"guide","prompt":[1,2]}""", "api.unsupported")]
    [InlineData("""{"model":"guide","prompt":7}""", "api.unsupported")]
    [InlineData("""{"model":"guide","prompt":"x","n":0}""", "api.unsupported")]
    [InlineData("""{"model":"guide","prompt":"x","best_of":3}""", "api.unsupported")]
    [InlineData("""{"model":"guide","prompt":"x","echo":true}""", "api.unsupported")]
    [InlineData("""{"model":"guide","prompt":"x","suffix":"y"}""", "api.unsupported")]
    [InlineData("""{"model":"guide","prompt":"  "}""", "prompt.empty")]
    [InlineData("""{"model":"guide","prompt":"\ud83d"}""", "api.json")]
    [InlineData("""{"model":"guide","prompt":"x","max_tokens":"many"}""", "api.json")]
    public async Task A_wrong_request_is_refused_and_free(string body, string code)
    {
        var response = await Post(body);

        Assert.Equal(code.StartsWith("prompt.", StringComparison.Ordinal) ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
        Assert.Empty(await customer.Usage(portal));
    }

    [Theory]
    [InlineData("""{"model":"guide"}""", "prompt")]
    [InlineData("""{"model":7,"prompt":"x"}""", "model")]
    [InlineData("""{"model":"nobody","prompt":"x"}""", "model")]
    [InlineData("""{"model":"guide","prompt":"x","temperature":-1}""", "temperature")]
    [InlineData("""{"model":"guide","prompt":"x","max_tokens":0}""", "max_tokens")]
    [InlineData("{not json", null)]
    public async Task An_error_names_the_field_that_is_wrong(string body, string? field) => Assert.Equal(
        field, (await (await Post(body)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("param").GetString());

    [Fact]
    public async Task F10_A_repetition_is_the_first_answer_with_its_id_and_likelihoods()
    {
        const string body = """{"model":"guide","prompt":"What is a token?","logprobs":2}""";
        var (first, again) = (await Post(body, "text-1"), await Post(body, "text-1"));

        Assert.Equal(first.Headers.GetValues("x-request-id"), again.Headers.GetValues("x-request-id"));
        var (one, other) = (await first.Content.ReadFromJsonAsync<JsonElement>(), await again.Content.ReadFromJsonAsync<JsonElement>());
        Assert.Equal(one.GetProperty("id").GetString(), other.GetProperty("id").GetString());
        Assert.Equal(one.GetProperty("choices").ToString(), other.GetProperty("choices").ToString());
        Assert.Single(await customer.Usage(portal));
    }

    private Task<HttpResponseMessage> Post(string body, string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/completions", UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        return client.SendAsync(request);
    }
}
