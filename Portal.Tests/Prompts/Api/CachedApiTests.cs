using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api;

/// <summary>What a program is told of earlier answers.</summary>
public sealed class CachedApiTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_repeated_request_says_that_it_was_answered_from_before()
    {
        var customer = await Customer.Arrive(portal);
        using var client = portal.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", customer.ApiKey);
        async Task<(string? Header, JsonElement Answer)> Ask(object body, string? key = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(body) };
            if (key is not null) request.Headers.Add("Idempotency-Key", key);
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode);
            return (response.Headers.TryGetValues("x-portal-cache", out var values) ? values.Single() : null, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
        }

        object[] messages = [new { role = "user", content = "What is a token?" }];
        var first = await Ask(new { model = "guide", messages, max_tokens = 20, cache = true });
        var again = await Ask(new { model = "guide", messages, max_tokens = 20, cache = true });
        var keyed = await Ask(new { model = "guide", messages, max_tokens = 20, cache = true }, "once");
        var repeated = await Ask(new { model = "guide", messages, max_tokens = 20, cache = true }, "once");
        var plain = await Ask(new { model = "guide", messages, max_tokens = 20 });

        Assert.Equal(("miss", "hit", null), (first.Header, again.Header, plain.Header));
        Assert.Equal(first.Answer.GetProperty("choices").GetRawText(), again.Answer.GetProperty("choices").GetRawText());
        var usage = again.Answer.GetProperty("usage");
        Assert.Equal(usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
        Assert.Equal(0, first.Answer.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
        Assert.Equal((keyed.Header, $"{keyed.Answer}"), (repeated.Header, $"{repeated.Answer}".Replace(CreatedIn(repeated.Answer), CreatedIn(keyed.Answer), StringComparison.Ordinal)));
        Assert.Equal(4, (await customer.Usage(portal)).Count);
        await Books.AssertClean(portal.Database.Factory);
        Assert.Empty(portal.Errors);

        static string CreatedIn(JsonElement answer) => $"\"created\":{answer.GetProperty("created")}";
    }
}
