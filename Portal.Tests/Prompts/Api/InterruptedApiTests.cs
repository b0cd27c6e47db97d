using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Usage;
using Portal.Inference;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api;

/// <summary>Clients that leave and models that fail, while the test holds the model.</summary>
public sealed class InterruptedApiTests(ScriptedPortal portal) : IClassFixture<ScriptedPortal>, IAsyncLifetime
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
        Assert.Equal(0, portal.Text.Active);
        await Books.AssertClean(portal.Database.Factory);
        Assert.Empty(portal.Errors);
    }

    [Fact]
    public async Task F20_B4_A_client_that_leaves_a_stream_pays_for_what_was_delivered_and_may_ask_for_it_again()
    {
        using (var response = await client.SendAsync(Chat(stream: true, key: "left"), HttpCompletionOption.ResponseHeadersRead, Say(2)))
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("two", StringComparison.Ordinal)) { }
        }

        Assert.Equal((2L, "cancelled"), await Settled());
        var again = await client.SendAsync(Chat(stream: true, key: "left"), TestContext.Current.CancellationToken);
        var stream = await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"content\":\"one two \"", stream, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"idempotency.broken-off\"", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", stream, StringComparison.Ordinal);
        Assert.Equal((2L, "cancelled"), await Settled());
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_up_neither_the_model_nor_the_charge_nor_others()
    {
        const int said = 400;
        var words = portal.Text.Words;

        // More than all buffers between the model and the client hold.
        portal.Text.Words = [.. Enumerable.Repeat(new string('a', 50_000), said)];
        using var unread = await client.SendAsync(Chat(stream: true), HttpCompletionOption.ResponseHeadersRead, Say(said));
        Assert.Equal(((long)said, "stop"), await Settled());
        portal.Text.Words = words;

        using var other = await client.SendAsync(Chat(stream: false), Say(words.Count));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (unread.StatusCode, other.StatusCode));
        Assert.Equal([said, words.Count], (await customer.Usage(portal)).Select(u => u.OutputTokens));
        Assert.Equal(0, (await customer.Wallet(portal)).Held.Nanos);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F25_A_key_that_is_revoked_in_the_middle_of_an_answer_ends_it_with_the_reason(bool stream)
    {
        var said = portal.Text.Said;
        var asking = client.SendAsync(Chat(stream), HttpCompletionOption.ResponseContentRead, Say(2));
        await Until.TrueAsync("two words are said", () => Task.FromResult(portal.Text.Said == said + 2));

        await using (var db = portal.Database.Open())
        {
            await db.ApiKeys.Where(k => k.AccountId == customer.AccountId).ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, TimeProvider.System.GetUtcNow()));
        }

        var response = await asking;
        Assert.Equal(stream ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("your access ended", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        if (stream) Assert.Equal((2L, "cancelled"), await Settled());
        else Assert.Empty(await customer.Usage(portal));
    }

    [Fact]
    public async Task A_picture_that_gave_way_under_load_says_so_and_costs_what_it_is()
    {
        portal.Load = new([0, 0, 64, 0], 4, 4, 0, 64);
        portal.Images.Step(5);
        try
        {
            using var body = new StringContent("""{"model":"shapes","prompt":"a red circle"}""", Encoding.UTF8, "application/json");
            var response = await client.PostAsync(new Uri("v1/images/generations", UriKind.Relative), body, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("steps=5; usual=9", Assert.Single(response.Headers.GetValues("x-portal-degraded")));
            Assert.Contains("\"degraded\"", Assert.Single(await customer.Usage(portal)).Receipt, StringComparison.Ordinal);
        }
        finally
        {
            portal.Load = null;
        }
    }

    [Fact]
    public async Task F20_A_client_that_does_not_wait_for_a_whole_answer_got_nothing_and_pays_nothing()
    {
        using var patience = new CancellationTokenSource();
        var said = portal.Text.Said;
        var asking = client.SendAsync(Chat(stream: false), patience.Token);
        Say(3);
        await Until.TrueAsync("three words are said", () => Task.FromResult(portal.Text.Said == said + 3));

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Until.TrueAsync("the model has stopped and nothing is held", async () => portal.Text.Active == 0 && (await customer.Wallet(portal)).Held.Nanos == 0);
        Assert.Empty(await customer.Usage(portal));
    }

    [Fact]
    public async Task A_model_that_fails_midway_ends_the_stream_with_the_error_and_without_done()
    {
        portal.Text.Say(2).Fail(new ModelFailedException("guide"));

        var stream = await (await client.SendAsync(Chat(stream: true), TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("\"code\":\"model.failed-midway\"", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", stream, StringComparison.Ordinal);
        Assert.Equal((2L, "failed"), await Settled());
    }

    [Fact]
    public async Task A_model_that_fails_before_a_whole_answer_is_500_and_free()
    {
        portal.Text.Say(2).Fail(new ModelFailedException("guide"));

        var response = await client.SendAsync(Chat(stream: false), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.InternalServerError, "model.failed"), (response.StatusCode, await CodeOf(response)));
        Assert.Empty(await customer.Usage(portal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_busy_model_is_429_with_when_to_try_again_and_free(bool stream)
    {
        portal.Text.Fail(new ModelBusyException("guide"));

        var response = await client.SendAsync(Chat(stream), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limit_exceeded"), (response.StatusCode, await CodeOf(response)));
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Empty(await customer.Usage(portal));
    }

    [Fact]
    public async Task F22_An_unavailable_model_is_503_and_free()
    {
        var response = await client.SendAsync(Chat(stream: false, model: "broken"), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "model.unavailable"), (response.StatusCode, await CodeOf(response)));
        Assert.Empty(await customer.Usage(portal));
    }

    [Fact]
    public async Task F10_After_a_failure_that_cost_nothing_the_same_key_may_be_sent_again()
    {
        portal.Text.Fail(new ModelFailedException("guide"));
        var failed = await client.SendAsync(Chat(stream: false, key: "again"), TestContext.Current.CancellationToken);
        Say(5);

        var done = await client.SendAsync(Chat(stream: false, key: "again"), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.OK), (failed.StatusCode, done.StatusCode));
        Assert.Equal((5L, "stop"), await Settled());
    }

    [Fact]
    public async Task F10_While_the_first_runs_its_key_is_409()
    {
        var said = portal.Text.Said;
        var first = client.SendAsync(Chat(stream: false, key: "busy"), TestContext.Current.CancellationToken);
        Say(1);
        await Until.TrueAsync("the first runs", () => Task.FromResult(portal.Text.Said == said + 1));

        var second = await client.SendAsync(Chat(stream: false, key: "busy"), TestContext.Current.CancellationToken);
        Say(4);

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.OK), (second.StatusCode, (await first).StatusCode));
        Assert.Equal((5L, "stop"), await Settled());
    }

    private CancellationToken Say(int words)
    {
        portal.Text.Say(words);
        return TestContext.Current.CancellationToken;
    }

    private static HttpRequestMessage Chat(bool stream, string model = "guide", string? key = null)
    {
        var body = JsonSerializer.Serialize(new { model, stream, messages = new[] { new { role = "user", content = "how to top up" } } });
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/chat/completions", UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    private static async Task<string?> CodeOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString();

    private async Task<(long OutputTokens, string Finish)> Settled()
    {
        UsageRecord? usage = null;
        await Until.TrueAsync("the prompt is settled", async () => (usage = (await customer.Usage(portal)).SingleOrDefault()) is not null);
        return (usage!.OutputTokens, usage.Finish);
    }
}
