using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data.Accounts;
using Portal.Prompts.Api.Rates;
using Portal.Prompts.Api.Signals;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api.Rates;

public sealed class RequestRatesTests(RequestRatesTests.PortalWithClock portal) : IClassFixture<RequestRatesTests.PortalWithClock>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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
    public async Task A_key_that_sends_empty_prompts_over_and_over_is_flagged_slowed_down_and_let_go_by_staff_or_by_itself()
    {
        var customer = await Customer.Arrive(portal);
        using var client = ClientOf(customer);
        for (var i = 0; i < SignalRule.EmptyPrompts.Sightings; i++) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Say(client, " ")).StatusCode);

        var slowed = new List<HttpStatusCode>();
        for (var i = 0; i <= RateRule.Flagged.Burst; i++) slowed.Add((await Say(client, "hello")).StatusCode);
        var refused = await Say(client, "hello");
        var desk = portal.Services.GetRequiredService<SignalDesk>();
        var staff = new Caller(
            Guid.NewGuid(), "", "", Guid.NewGuid(), AccountKind.Personal, "", "UTC", Guid.NewGuid(), MemberRole.Owner, Guid.NewGuid(), null, IsSupport: true, IsAdministrator: false);
        var flagged = Assert.Single((await desk.List(staff, Cancel)).Value, f => f.Signal.AccountId == customer.AccountId);

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, RateRule.Flagged.Burst), HttpStatusCode.TooManyRequests], slowed);
        Assert.Equal("5", Header(refused, "Retry-After"));
        Assert.Contains("one every five seconds", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal((SignalRule.EmptyPrompts, 20L), (flagged.Signal.Rule, flagged.Signal.Count));
        Assert.StartsWith(flagged.Name.TrimEnd('…'), customer.ApiKey, StringComparison.Ordinal);
        using var other = await NewCustomer();
        Assert.Equal(HttpStatusCode.OK, (await Say(other, "hello")).StatusCode);
        Assert.Equal(Refusal.NotFound, (await desk.Clear(staff with { IsSupport = false }, flagged.Signal, Cancel)).Refusal);
        Assert.True((await desk.Clear(staff, flagged.Signal, Cancel)).IsDone(out _));
        Assert.Equal(HttpStatusCode.OK, (await Say(client, "hello")).StatusCode);
        await using var db = portal.Database.Open();
        Assert.Equal(1, await db.AuditEntries.CountAsync(e => e.Action == "signal.cleared" && e.AccountId == customer.AccountId, Cancel));
    }

    [Fact]
    public async Task The_request_id_of_a_prompt_is_the_one_that_its_charge_is_found_by()
    {
        var customer = await Customer.Arrive(portal);
        using var client = ClientOf(customer);
        var answer = await client.PostAsJsonAsync("v1/chat/completions", new { model = "guide", messages = new[] { new { role = "user", content = "hello" } } });

        Assert.Equal(Header(answer, "x-request-id"), Assert.Single(await customer.Usage(portal)).Id.ToString());
    }

    private static Task<HttpResponseMessage> Say(HttpClient client, string prompt) =>
        client.PostAsJsonAsync("v1/chat/completions", new { model = "guide", max_tokens = 1, messages = new[] { new { role = "user", content = prompt } } }, Cancel);

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

        protected override void Configure(IServiceCollection services) =>
            services.Replace(ServiceDescriptor.Singleton(new RequestRates(Time))).Replace(ServiceDescriptor.Singleton(new AbuseWatch(Time)));
    }
}
