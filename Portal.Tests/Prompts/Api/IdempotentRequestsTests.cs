using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts.Keys;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api;

public sealed class IdempotentRequestsTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("v1/chat/completions", """{"model":"guide","messages":[{"role":"user","content":"What is a token?"}],"max_tokens":4}""", "shapes")]
    [InlineData("v1/images/generations", """{"model":"shapes","prompt":"a red circle","size":"64x64","steps":1}""", "guide")]
    public async Task An_answer_is_not_given_again_to_a_key_that_may_not_use_its_model(string path, string body, string other)
    {
        var customer = await Customer.Arrive(portal);
        var owner = (await portal.Services.GetRequiredService<KeyDoor>().Open(customer.ApiKey)).Value;
        var bound = (await portal.Services.GetRequiredService<ApiKeys>().Create(owner, new KeyTerms("one model") { Models = [other] })).Value.Secret;

        var statuses = new List<HttpStatusCode>();
        foreach (var key in (string[])[customer.ApiKey, bound, customer.ApiKey]) statuses.Add(await Send(key, path, body));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.OK], statuses);
        Assert.Single(await customer.Usage(portal));
    }

    private async Task<HttpStatusCode> Send(string key, string path, string body)
    {
        using var client = portal.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        client.DefaultRequestHeaders.Add("Idempotency-Key", $"order of {path}");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return (await client.PostAsync(new Uri(path, UriKind.Relative), content)).StatusCode;
    }
}
