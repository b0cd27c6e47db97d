using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Tests.Payments.Sandbox;

/// <summary>The manners of the API: keys, errors, idempotency, lists, expansion.</summary>
public sealed class SandboxApiTests : IAsyncLifetime
{
    private PaymentsHost host = null!;

    public async ValueTask InitializeAsync() => host = await PaymentsHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData(null, "You did not provide an API key.")]
    [InlineData("Bearer sk_test_wrongwrongwrong", "Invalid API Key provided: sk_test_")]
    public async Task A_missing_or_wrong_key_is_401(string? header, string message)
    {
        host.Http.DefaultRequestHeaders.Authorization = header is null ? null : AuthenticationHeaderValue.Parse(header);

        var (status, body, headers) = await host.ApiAsync(HttpMethod.Get, "customers/cus_1");

        Assert.Equal(401, status);
        Assert.Equal("invalid_request_error", Text(body, "error", "type"));
        Assert.StartsWith(message, Text(body, "error", "message"), StringComparison.Ordinal);
        Assert.StartsWith("req_", headers.GetValues("Request-Id").First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_taken_as_basic_user_name_too()
    {
        host.Http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(PaymentsHost.ApiKey + ":")));

        Assert.Equal("list", Text(await host.GetAsync("customers"), "object"));
    }

    [Fact]
    public async Task The_version_that_was_asked_for_is_echoed()
    {
        host.Http.DefaultRequestHeaders.Add("Stripe-Version", "2025-09-30.clover");

        var (_, _, headers) = await host.ApiAsync(HttpMethod.Get, "customers");

        Assert.Equal("2025-09-30.clover", headers.GetValues("Stripe-Version").First());
    }

    [Theory]
    [InlineData("checkout/sessions/cs_test_none", "resource_missing", "No such checkout.session: 'cs_test_none'")]
    [InlineData("payment_intents/pi_none", "resource_missing", "No such payment_intent: 'pi_none'")]
    [InlineData("refunds/ch_none", "resource_missing", "No such refund: 'ch_none'")]
    [InlineData("nothing/here", null, "Unrecognized request URL (GET: /v1/nothing/here).")]
    public async Task What_does_not_exist_is_404(string path, string? code, string message)
    {
        var (status, body, _) = await host.ApiAsync(HttpMethod.Get, path);

        Assert.Equal((404, "invalid_request_error", code, message),
            (status, Text(body, "error", "type"), TextOrNull(body, "error", "code"), Text(body, "error", "message")));
    }

    [Theory]
    [InlineData("amount", null, "parameter_missing", "amount")]
    [InlineData("amount", "", "parameter_invalid_empty", "amount")]
    [InlineData("amount", "NaN", "parameter_invalid_integer", "amount")]
    [InlineData("amount", "1.5", "parameter_invalid_integer", "amount")]
    [InlineData("amount", "0", "parameter_invalid_integer", "amount")]
    [InlineData("amount", "-100", "parameter_invalid_integer", "amount")]
    [InlineData("amount", "99999999999999999999", "parameter_invalid_integer", "amount")]
    [InlineData("currency", "yuan", null, "currency")]
    [InlineData("confirm", "yes", null, "confirm")]
    [InlineData("metadata[a]", "b", null, null)]
    [InlineData("colour", "blue", "parameter_unknown", "colour")]
    [InlineData("customer", "cus_none", "resource_missing", "customer")]
    public async Task A_wrong_parameter_is_named_and_changes_nothing(string name, string? value, string? code, string? param)
    {
        var fields = new Dictionary<string, string> { ["amount"] = "100", ["currency"] = "cny" };
        if (value is null) fields.Remove(name);
        else fields[name] = value;

        var (status, body, _) = await host.ApiAsync(HttpMethod.Post, "payment_intents", null, [.. fields.Select(f => (f.Key, f.Value))]);

        Assert.Equal(param is not null, status is 400 or 404);
        Assert.Equal((code, param), (TextOrNull(body, "error", "code"), TextOrNull(body, "error", "param")));
        Assert.Equal(param is null ? 1 : 0, (await host.GetAsync("payment_intents"))["data"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_same_key_and_body_replays_the_first_answer()
    {
        var (_, first, _) = await host.ApiAsync(HttpMethod.Post, "customers", "key-1", ("email", "a@example.com"));

        var (status, again, headers) = await host.ApiAsync(HttpMethod.Post, "customers", "key-1", ("email", "a@example.com"));

        Assert.Equal(200, status);
        Assert.Equal(Text(first, "id"), Text(again, "id"));
        Assert.Equal("true", headers.GetValues("Idempotent-Replayed").First());
        Assert.True(JsonNode.DeepEquals(await host.GetAsync("customers/" + Text(first, "id")), again));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_an_idempotency_error()
    {
        await host.ApiAsync(HttpMethod.Post, "customers", "key-1", ("email", "a@example.com"));

        var (status, body, _) = await host.ApiAsync(HttpMethod.Post, "customers", "key-1", ("email", "b@example.com"));

        Assert.Equal((400, "idempotency_error"), (status, Text(body, "error", "type")));
    }

    [Fact]
    public async Task The_same_key_twenty_times_at_once_creates_one_object()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.ApiAsync(HttpMethod.Post, "customers", "key-1", ("email", "a@example.com"))));

        Assert.All(answers, a => Assert.Equal(200, a.Status));
        Assert.Single(answers.Select(a => Text(a.Body, "id")).Distinct());
        Assert.Single((await host.GetAsync("customers"))["data"]!.AsArray());
    }

    [Fact]
    public async Task A_key_is_forgotten_after_a_day()
    {
        var (_, first, _) = await host.ApiAsync(HttpMethod.Post, "customers", "key-1", ("email", "a@example.com"));
        host.Time.Advance(TimeSpan.FromHours(25));

        var (_, other, _) = await host.ApiAsync(HttpMethod.Post, "customers", "key-1", ("email", "b@example.com"));

        Assert.NotEqual(Text(first, "id"), Text(other, "id"));
    }

    [Fact]
    public async Task A_decline_is_kept_under_its_key_and_an_invalid_request_is_not()
    {
        var intent = Text(await host.PostAsync("payment_intents", ("amount", "100"), ("currency", "cny")), "id");
        var path = $"payment_intents/{intent}/confirm";
        var (declined, first, _) = await host.ApiAsync(HttpMethod.Post, path, "key-1", ("payment_method", "pm_card_chargeDeclined"));
        var (_, again, _) = await host.ApiAsync(HttpMethod.Post, path, "key-1", ("payment_method", "pm_card_chargeDeclined"));
        var (invalid, _, _) = await host.ApiAsync(HttpMethod.Post, path, "key-2", ("payment_method", "pm_none"));
        var (done, _, _) = await host.ApiAsync(HttpMethod.Post, path, "key-2", ("payment_method", "pm_card_visa"));

        Assert.Equal((402, 404, 200), (declined, invalid, done));
        Assert.Equal(Text(first, "error", "charge"), Text(again, "error", "charge"));
    }

    [Fact]
    public async Task Lists_are_newest_first_and_paged_by_id()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Insert(0, Text(await host.PostAsync("customers", ("email", $"{i}@example.com")), "id"));

        var first = await host.GetAsync("customers?limit=2");
        var next = await host.GetAsync($"customers?limit=2&starting_after={ids[1]}");
        var last = await host.GetAsync($"customers?limit=2&starting_after={ids[3]}");
        var before = await host.GetAsync($"customers?limit=2&ending_before={ids[3]}");

        AssertPage(ids[..2], true, first);
        AssertPage(ids[2..4], true, next);
        AssertPage(ids[4..], false, last);
        AssertPage(ids[1..3], true, before);
        Assert.Equal(IdsOf(await host.GetAsync("customers?email=3@example.com")), ids[1..2]);
        Assert.Equal(400, (await host.ApiAsync(HttpMethod.Get, "customers?limit=101")).Status);
    }

    [Fact]
    public async Task Ids_are_expanded_into_their_objects_where_asked()
    {
        var intent = await host.PostAsync("payment_intents", ("amount", "100"), ("currency", "cny"), ("confirm", "true"), ("payment_method", "pm_card_visa"));

        var expanded = await host.GetAsync($"payment_intents/{Text(intent, "id")}?expand[]=latest_charge.balance_transaction");
        var (wrong, _, _) = await host.ApiAsync(HttpMethod.Get, $"payment_intents/{Text(intent, "id")}?expand[]=amount");

        Assert.Equal(100, expanded["latest_charge"]!["balance_transaction"]!["net"]!.GetValue<long>());
        Assert.Equal(400, wrong);
    }

    private static void AssertPage(List<string> ids, bool more, JsonObject page)
    {
        Assert.Equal(ids, IdsOf(page));
        Assert.Equal(more, page["has_more"]!.GetValue<bool>());
    }

    private static List<string> IdsOf(JsonObject list) => list["data"]!.AsArray().Select(o => Text(o!.AsObject(), "id")).ToList();

    private static string Text(JsonObject body, params string[] path) => TextOrNull(body, path)!;

    private static string? TextOrNull(JsonObject body, params string[] path) => path.Aggregate((JsonNode?)body, (node, name) => node?[name])?.GetValue<string>();
}
