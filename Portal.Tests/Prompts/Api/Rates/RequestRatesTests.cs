using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Prompts.Api.Rates;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api.Rates;

public sealed class RequestRatesTests(RequestRatesTests.PortalWithClock portal) : IClassFixture<RequestRatesTests.PortalWithClock>
{
    private static readonly Uri Models = new("v1/models", UriKind.Relative);

    [Fact]
    public async Task A_key_that_asks_too_fast_is_429_with_when_to_come_again_while_others_are_served()
    {
        using var client = await NewCustomer();
        var first = await client.GetAsync(Models, TestContext.Current.CancellationToken);
        Assert.Equal(("100", "99", "50ms"), (Header(first, "x-ratelimit-limit-requests"), Header(first, "x-ratelimit-remaining-requests"), Header(first, "x-ratelimit-reset-requests")));
        Assert.Equal(("\"requests\";q=100;w=5", "\"requests\";r=99;t=1"), (Header(first, "RateLimit-Policy"), Header(first, "RateLimit")));
        var rest = await Task.WhenAll(Enumerable.Range(0, 99).Select(_ => client.GetAsync(Models, TestContext.Current.CancellationToken)));
        Assert.All(rest, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));

        var refused = await client.GetAsync(Models, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.TooManyRequests, "60", "0"), (refused.StatusCode, Header(refused, "Retry-After"), Header(refused, "x-ratelimit-remaining-requests")));
        Assert.Contains("Wait 60 seconds", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.True(Guid.TryParse(Header(refused, "x-request-id"), out _));
        using var other = await NewCustomer();
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync(Models, TestContext.Current.CancellationToken)).StatusCode);
        portal.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Models, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Without_a_plan_an_address_draws_five_pictures_a_minute_whatever_its_keys()
    {
        using var one = await NewCustomer();
        using var other = await NewCustomer();
        var drawn = await Draw(one, 4);
        Assert.Equal((HttpStatusCode.OK, "1"), (drawn.StatusCode, Header(drawn, "x-ratelimit-remaining-images")));

        var refused = await Draw(other, 2);

        Assert.Equal((HttpStatusCode.TooManyRequests, "12"), (refused.StatusCode, Header(refused, "Retry-After")));
        Assert.Equal(HttpStatusCode.OK, (await Draw(other, 1)).StatusCode);
    }

    [Fact]
    public async Task The_request_id_of_a_prompt_is_the_one_that_its_charge_is_found_by()
    {
        var customer = await Customer.Arrive(portal);
        using var client = ClientOf(customer);
        var answer = await client.PostAsJsonAsync("v1/chat/completions", new { model = "guide", messages = new[] { new { role = "user", content = "hello" } } });

        Assert.Equal(Header(answer, "x-request-id"), Assert.Single(await customer.Usage(portal)).Id.ToString());
    }

    private static Task<HttpResponseMessage> Draw(HttpClient client, int n) =>
        client.PostAsJsonAsync("v1/images/generations", new { model = "shapes", prompt = "a red circle", size = "64x64", steps = 1, n }, TestContext.Current.CancellationToken);

    private async Task<HttpClient> NewCustomer() => ClientOf(await Customer.Arrive(portal));

    private HttpClient ClientOf(Customer customer)
    {
        var client = portal.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", customer.ApiKey);
        return client;
    }

    private static string Header(HttpResponseMessage response, string name) => string.Join(", ", response.Headers.GetValues(name));

    /// <summary>A portal whose rates go by the test's clock.</summary>
    public sealed class PortalWithClock : PortalApp
    {
        internal FakeTime Time { get; } = new();

        protected override void Configure(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton(new RequestRates(Time)));
    }
}
