using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts.Keys;
using Portal.Data.Accounts;
using Portal.Accounts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api;

/// <summary>What OpenAI's client does not do: keys that may not, repetitions, leaving midway.</summary>
public sealed class PromptApiTests(PortalApp portal) : IClassFixture<PortalApp>, IAsyncLifetime
{
    private const string Chat = """{"model":"guide","messages":[{"role":"user","content":"What is a token?"}]}""";

    private Customer customer = null!;
    private HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        customer = await Customer.Arrive(portal);
        client = ClientOf(customer.ApiKey);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Books.AssertClean(portal.Database.Factory);
        Assert.Empty(portal.Errors);
    }

    [Theory]
    [InlineData("flagship", "")]
    [InlineData("auto", """, "priority": "high" """)]
    public async Task An_alias_is_answered_by_its_model_and_a_repetition_says_the_same(string name, string priority)
    {
        var body = $$"""{"model":"{{name}}"{{priority}},"messages":[{"role":"user","content":"What is a token?"}],"max_tokens":3}""";
        var key = Guid.NewGuid().ToString();

        var (first, again) = (await AnswerOf(await Keyed(key, body)), await AnswerOf(await Keyed(key, body)));

        Assert.Equal(("guide", "guide"), (first.GetProperty("model").GetString(), again.GetProperty("model").GetString()));
        Assert.Equal("guide", Assert.Single(await customer.Usage(portal)).Model);
    }

    [Fact]
    public async Task The_list_of_models_has_the_aliases_with_the_models_behind_them()
    {
        var list = await client.GetFromJsonAsync<JsonElement>(new Uri("v1/models", UriKind.Relative));
        var one = await client.GetFromJsonAsync<JsonElement>(new Uri("v1/models/flagship", UriKind.Relative));

        Assert.Equal(["guide", "shapes", "flagship"], list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        Assert.Equal(("flagship", "guide", "model"), (one.GetProperty("id").GetString(), one.GetProperty("root").GetString(), one.GetProperty("object").GetString()));
    }

    [Fact]
    public async Task A_key_calls_what_it_is_for_and_nothing_else()
    {
        var owner = (await portal.Services.GetRequiredService<KeyDoor>().Open(customer.ApiKey)).Value;
        var terms = new KeyTerms("one model") { Endpoints = KeyEndpoints.Text, Models = ["shapes"] };
        using var its = ClientOf((await portal.Services.GetRequiredService<ApiKeys>().Create(owner, terms)).Value.Secret);

        var list = await its.GetAsync(new Uri("v1/models", UriKind.Relative));
        var chat = await its.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), Json(Chat));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (list.StatusCode, chat.StatusCode));
        Assert.Equal("permission_denied", (await ErrorOf(list)).GetProperty("code").GetString());
        Assert.Contains("guide", (await ErrorOf(chat)).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(await customer.Usage(portal));
    }

    [Fact]
    public async Task A_key_sees_the_models_that_it_may_use()
    {
        var owner = (await portal.Services.GetRequiredService<KeyDoor>().Open(customer.ApiKey)).Value;
        using var its = ClientOf((await portal.Services.GetRequiredService<ApiKeys>().Create(owner, new KeyTerms("pictures") { Models = ["shapes"] })).Value.Secret);

        var models = (await its.GetFromJsonAsync<JsonElement>(new Uri("v1/models", UriKind.Relative))).GetProperty("data").EnumerateArray();

        Assert.Equal(["shapes"], models.Select(m => m.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once()
    {
        var caller = (await portal.Services.GetRequiredService<KeyDoor>().Open(customer.ApiKey)).Value;
        var keys = portal.Services.GetRequiredService<ApiKeys>();
        await keys.Revoke(caller, caller.ApiKeyId!.Value);

        var response = await client.GetAsync(new Uri("v1/models", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Without_money_the_answer_is_402_with_what_is_missing()
    {
        var poor = await Customer.Arrive(portal, yuan: 0);
        using var its = ClientOf(poor.ApiKey);

        var response = await its.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), Json(Chat));

        Assert.Equal(HttpStatusCode.PaymentRequired, response.StatusCode);
        Assert.Equal("insufficient_quota", (await ErrorOf(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_students_key_spends_the_seat_and_then_402()
    {
        var student = await customer.WithStudent(portal, tokens: 600);
        using var its = ClientOf(student.ApiKey);

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++) statuses.Add((await its.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), Json(Chat))).StatusCode);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.PaymentRequired], statuses);
        Assert.Equal(1_000_000_000, (await customer.Wallet(portal)).Spendable.Nanos);
    }

    [Fact]
    public async Task F10_The_same_key_and_body_is_answered_again_and_charged_once()
    {
        var first = await Keyed("order-1", Chat);
        var again = await Keyed("order-1", Chat);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(await Content(first), await Content(again));
        Assert.Single(await customer.Usage(portal));
    }

    [Fact]
    public async Task F10_A_stream_is_answered_again_with_the_same_words_and_charged_once()
    {
        var streaming = Chat.Replace("}]}", "}],\"stream\":true,\"stream_options\":{\"include_usage\":true}}", StringComparison.Ordinal);

        var first = await (await Keyed("order-5", streaming)).Content.ReadAsStringAsync();
        var again = await (await Keyed("order-5", streaming)).Content.ReadAsStringAsync();

        Assert.Equal(Words(first), Words(again));
        Assert.Equal(UsageLine(first), UsageLine(again));
        Assert.EndsWith("data: [DONE]\n\n", again, StringComparison.Ordinal);
        Assert.Single(await customer.Usage(portal));
    }

    [Fact]
    public async Task F20_A_client_that_leaves_midway_stops_the_model_and_pays_for_what_was_delivered()
    {
        var patience = Chat.Replace("}]}", "}],\"stream\":true,\"temperature\":2,\"seed\":7}", StringComparison.Ordinal);
        using (var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/chat/completions", UriKind.Relative)) { Content = Json(patience) })
        using (var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            response.EnsureSuccessStatusCode();
        }

        await Until.TrueAsync("the prompt is settled", async () => await customer.Usage(portal) is [_]);
        Assert.Equal(0, (await customer.Wallet(portal)).Held.Nanos);
    }

    [Fact]
    public async Task F10_The_same_key_with_another_body_is_409_and_free()
    {
        await Keyed("order-2", Chat);

        var other = await Keyed("order-2", Chat.Replace("token", "seat", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Single(await customer.Usage(portal));
    }

    [Fact]
    public async Task F10_The_same_key_many_times_at_once_runs_once()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Keyed("order-3", Chat)));

        Assert.All(responses, response => Assert.Contains(response.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Conflict }));
        Assert.Contains(responses, response => response.StatusCode == HttpStatusCode.OK);
        Assert.Single(await customer.Usage(portal));
    }

    [Fact]
    public async Task A_refused_request_may_be_sent_again_under_its_key()
    {
        var poor = await Customer.Arrive(portal, yuan: 0);
        using var its = ClientOf(poor.ApiKey);
        its.DefaultRequestHeaders.Add("Idempotency-Key", "order-4");
        var refused = await its.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), Json(Chat));
        await Books.TopUp(portal.Database.Factory, TimeProvider.System, poor.AccountId, 1);

        var paid = await its.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), Json(Chat));

        Assert.Equal((HttpStatusCode.PaymentRequired, HttpStatusCode.OK), (refused.StatusCode, paid.StatusCode));
    }

    private HttpClient ClientOf(string apiKey)
    {
        var made = portal.NewClient();
        made.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return made;
    }

    private Task<HttpResponseMessage> Keyed(string key, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/chat/completions", UriKind.Relative)) { Content = Json(body) };
        request.Headers.Add("Idempotency-Key", key);
        return client.SendAsync(request);
    }

    private static IEnumerable<JsonElement> Events(string stream) =>
        stream.Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement);

    private static string Words(string stream) => string.Concat(
        from data in Events(stream)
        from choice in data.GetProperty("choices").EnumerateArray()
        select choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "");

    private static string UsageLine(string stream) => Events(stream).Last().GetProperty("usage").ToString();

    private static async Task<string> Content(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    private static async Task<JsonElement> AnswerOf(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>();

    private static async Task<JsonElement> ErrorOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
