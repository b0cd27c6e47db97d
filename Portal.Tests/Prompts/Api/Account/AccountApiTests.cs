using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts.Keys;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api.Account;

/// <summary>What a program reads of its account is what the ledger has.</summary>
public sealed class AccountApiTests(PortalApp portal) : IClassFixture<PortalApp>, IAsyncLifetime
{
    private const string Chat = """{"model":"guide","messages":[{"role":"user","content":"What is a token?"}],"max_tokens":40}""";

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

    [Fact]
    public async Task The_balance_is_the_wallets_as_a_decimal_and_in_nanos()
    {
        await Ask("v1/chat/completions", Chat);

        var balance = await Get("api/v1/balance");

        var nanos = (await customer.Wallet(portal)).Spendable.Nanos;
        Assert.Equal(nanos, balance.GetProperty("spendable").GetProperty("nanos").GetInt64());
        Assert.Equal(new Money(nanos).Amount, decimal.Parse(balance.GetProperty("spendable").GetProperty("amount").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(("CNY", 0L), (balance.GetProperty("currency").GetString(), balance.GetProperty("held").GetProperty("nanos").GetInt64()));
    }

    [Fact]
    public async Task A_member_who_draws_on_a_seat_reads_the_seat_and_no_money()
    {
        var student = await customer.WithStudent(portal, 600);
        using var its = ClientOf(student.ApiKey);

        var balance = await Get("api/v1/balance", its);

        Assert.Equal(JsonValueKind.Null, balance.GetProperty("spendable").ValueKind);
        var quota = Assert.Single(balance.GetProperty("quotas").EnumerateArray());
        Assert.Equal(("tokens", 600L), (quota.GetProperty("unit").GetString(), quota.GetProperty("left").GetInt64()));
    }

    [Theory]
    [InlineData("day")]
    [InlineData("model")]
    [InlineData("project")]
    public async Task Usage_adds_up_to_the_same_charge_however_it_is_grouped(string group)
    {
        await Ask("v1/chat/completions", Chat);
        await Ask("v1/images/generations", """{"model":"shapes","prompt":"a red circle","size":"64x64"}""");
        var charged = (await customer.Usage(portal)).Sum(u => u.ChargedNanos);

        var usage = await Get($"api/v1/usage?range=7d&group_by={group}&limit=100");

        var groups = usage.GetProperty("data").EnumerateArray().ToList();
        Assert.True(charged > 0);
        Assert.Equal(charged, groups.Sum(g => g.GetProperty("charged").GetProperty("nanos").GetInt64()));
        Assert.Equal((charged, 2L), (usage.GetProperty("total").GetProperty("charged").GetProperty("nanos").GetInt64(), usage.GetProperty("total").GetProperty("requests").GetInt64()));
        Assert.Equal(group switch { "day" => 7, "model" => 2, _ => 1 }, groups.Count);
    }

    [Fact]
    public async Task Usage_comes_in_pages()
    {
        var first = await Get("api/v1/usage?range=7d&limit=5");
        var second = await Get("api/v1/usage?range=7d&limit=5&page=2");

        Assert.Equal((5, true, 7), (first.GetProperty("data").GetArrayLength(), first.GetProperty("has_more").GetBoolean(), first.GetProperty("count").GetInt32()));
        Assert.Equal((2, false), (second.GetProperty("data").GetArrayLength(), second.GetProperty("has_more").GetBoolean()));
        Assert.Empty(first.GetProperty("data").EnumerateArray().Select(d => d.GetProperty("key").GetString()).Intersect(second.GetProperty("data").EnumerateArray().Select(d => d.GetProperty("key").GetString())));
    }

    [Theory]
    [InlineData("range=1y")]
    [InlineData("group_by=person")]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("page=-1")]
    public async Task A_wrong_question_is_400(string query)
    {
        var response = await client.GetAsync(new Uri($"api/v1/usage?{query}", UriKind.Relative));

        Assert.Equal((HttpStatusCode.BadRequest, "api.unsupported"), (response.StatusCode, await CodeOf(response)));
    }

    [Theory]
    [InlineData("/v1/chat/completions", Chat)]
    [InlineData("/v1/completions", """{"model":"guide","prompt":"What is a token?","max_tokens":40}""")]
    [InlineData("/v1/images/generations", """{"model":"shapes","prompt":"a red circle","size":"64x64","n":2}""")]
    public async Task A_quote_is_what_the_hold_reserves(string endpoint, string body)
    {
        var quote = await (await Ask("api/v1/quote", body)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((endpoint, true), (quote.GetProperty("endpoint").GetString(), quote.GetProperty("accepted").GetBoolean()));

        var response = await Ask(endpoint[1..], body);

        var request = Guid.Parse(response.Headers.GetValues("x-request-id").Single());
        await using var db = portal.Database.Open();
        var hold = await db.Holds.AsNoTracking().FirstAsync(h => h.Id == request, TestContext.Current.CancellationToken);
        Assert.Equal(HeldSources.Read(hold).Sum(t => t.Amount), quote.GetProperty("price").GetProperty("nanos").GetInt64());
    }

    [Fact]
    public async Task A_quote_that_nothing_pays_for_says_what_is_missing_and_reserves_nothing()
    {
        var poor = await Customer.Arrive(portal, yuan: 0);
        using var its = ClientOf(poor.ApiKey);

        var quote = await (await its.PostAsync(new Uri("api/v1/quote", UriKind.Relative), Json(Chat))).Content.ReadFromJsonAsync<JsonElement>();

        Assert.False(quote.GetProperty("accepted").GetBoolean());
        Assert.NotEqual("", quote.GetProperty("missing").GetString());
        Assert.Equal(0, (await poor.Wallet(portal)).Held.Nanos);
    }

    [Theory]
    [InlineData("{not json", HttpStatusCode.BadRequest, "api.json")]
    [InlineData("[]", HttpStatusCode.BadRequest, "api.json")]
    [InlineData("null", HttpStatusCode.BadRequest, "api.json")]
    [InlineData("""{"model":"nobody","prompt":"x"}""", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("""{"model":7,"prompt":"x"}""", HttpStatusCode.BadRequest, "api.json")]
    [InlineData("""{"\ud800":1}""", HttpStatusCode.BadRequest, "api.json")]
    [InlineData("""{"model":"\ud800aaaa","prompt":"x"}""", HttpStatusCode.BadRequest, "api.json")]
    public async Task A_quote_of_nothing_that_could_run_is_refused(string body, HttpStatusCode status, string code)
    {
        var response = await client.PostAsync(new Uri("api/v1/quote", UriKind.Relative), Json(body));

        Assert.Equal((status, code), (response.StatusCode, await CodeOf(response)));
    }

    [Fact]
    public async Task Seats_are_listed_for_those_who_manage_the_organisation_and_for_nobody_else()
    {
        var student = await customer.WithStudent(portal, 600);
        await using (var db = portal.Database.Open())
        {
            await db.Accounts.Where(a => a.Id == customer.AccountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.Kind, AccountKind.Organisation), TestContext.Current.CancellationToken);
        }

        using var its = ClientOf(student.ApiKey);
        var refused = await its.GetAsync(new Uri("api/v1/seats", UriKind.Relative));
        var seats = (await Get("api/v1/seats")).GetProperty("data").EnumerateArray().ToList();

        Assert.Equal((HttpStatusCode.Forbidden, "permission_denied"), (refused.StatusCode, await CodeOf(refused)));
        Assert.Equal(2, seats.Count);
        var seat = seats.Single(s => s.GetProperty("email").GetString() == student.Email);
        var quota = Assert.Single(seat.GetProperty("quotas").EnumerateArray());
        Assert.Equal(("member", 600L, 0L), (seat.GetProperty("role").GetString(), quota.GetProperty("allocated").GetInt64(), quota.GetProperty("used").GetInt64()));
    }

    [Fact]
    public async Task A_key_for_text_reads_no_account()
    {
        var owner = (await portal.Services.GetRequiredService<KeyDoor>().Open(customer.ApiKey)).Value;
        using var its = ClientOf((await portal.Services.GetRequiredService<ApiKeys>().Create(owner, new KeyTerms("text") { Endpoints = KeyEndpoints.Text })).Value.Secret);

        foreach (var path in (string[])["balance", "usage", "seats"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await its.GetAsync(new Uri($"api/v1/{path}", UriKind.Relative))).StatusCode);
        }
    }

    [Fact]
    public async Task An_unknown_path_and_a_missing_key_answer_in_the_apis_shape()
    {
        using var stranger = portal.NewClient();

        Assert.Equal("api.unknown", await CodeOf(await client.GetAsync(new Uri("api/v1/nothing", UriKind.Relative))));
        Assert.Equal("invalid_api_key", await CodeOf(await stranger.GetAsync(new Uri("api/v1/balance", UriKind.Relative))));
    }

    private async Task<HttpResponseMessage> Ask(string path, string body)
    {
        var response = await client.PostAsync(new Uri(path, UriKind.Relative), Json(body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response;
    }

    private async Task<JsonElement> Get(string path, HttpClient? with = null) => await (with ?? client).GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    private HttpClient ClientOf(string apiKey)
    {
        var made = portal.NewClient();
        made.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return made;
    }

    private static async Task<string?> CodeOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString();

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
