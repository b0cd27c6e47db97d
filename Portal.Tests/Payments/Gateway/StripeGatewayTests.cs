using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Accounts.Mail;
using Portal.Payments;
using Portal.Payments.Gateway;
using Portal.Payments.Gateway.Objects;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Gateway;

/// <summary>What the gateway sends and how it reads each answer; the network is the only thing that is played.</summary>
public sealed class StripeGatewayTests : IDisposable
{
    private const string Intent = """{"id":"pi_1","object":"payment_intent","status":"succeeded","amount":100,"amount_received":100,"currency":"cny","metadata":{},"latest_charge":null,"last_payment_error":null}""";

    private readonly FakeTime time = new();
    private readonly Network network = new();

    public void Dispose() => network.Dispose();

    [Fact]
    public async Task Every_request_carries_the_key_the_pinned_version_and_every_post_an_idempotency_key()
    {
        network.Answers.Enqueue((200, """{"id":"re_1","amount":100,"currency":"cny","status":"succeeded","payment_intent":"pi_1","failure_reason":null,"metadata":{}}"""));
        var id = Guid.NewGuid();

        await Gateway().Refund(id, "pi_1", 100, TestContext.Current.CancellationToken);

        var (method, uri, headers, body) = network.Seen[0];
        Assert.Equal(("POST", "https://api.stripe.com/v1/refunds"), (method, uri));
        Assert.Contains("Authorization: Bearer sk_test_1", headers, StringComparison.Ordinal);
        Assert.Contains($"Stripe-Version: {StripeApi.Version}", headers, StringComparison.Ordinal);
        Assert.Contains($"Idempotency-Key: refund-{id}", headers, StringComparison.Ordinal);
        Assert.Equal($"payment_intent=pi_1&amount=100&reason=requested_by_customer&metadata%5Brefund_id%5D={id}", body);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_may_pass_is_tried_again_with_the_same_key(int status)
    {
        network.Answers.Enqueue((status, "{}"));
        network.Answers.Enqueue((200, Intent));

        var answer = await WhileTimePassesAsync(Gateway().FindIntent("pi_1", TestContext.Current.CancellationToken));

        Assert.IsType<GatewayAnswer<GatewayIntent>.Done>(answer);
        Assert.Equal(2, network.Seen.Count);
    }

    [Fact]
    public async Task What_stays_unanswered_is_unknown()
    {
        for (var i = 0; i < 4; i++) network.Answers.Enqueue((i == 3 ? 502 : 0, ""));

        var answer = await WhileTimePassesAsync(Gateway().Refund(Guid.NewGuid(), "pi_1", 100, TestContext.Current.CancellationToken));

        Assert.Equal("HTTP 502", Assert.IsType<GatewayAnswer<GatewayRefund>.Unknown>(answer).Reason);
        Assert.Equal(4, network.Seen.Count);
        Assert.Single(network.Seen.Select(s => s.Headers.Split('\n').First(h => h.StartsWith("Idempotency-Key", StringComparison.Ordinal))).Distinct());
    }

    [Fact]
    public async Task A_decline_is_a_value()
    {
        network.Answers.Enqueue((402, """{"error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds","message":"Your card has insufficient funds."}}"""));

        var answer = await Gateway().FindIntent("pi_1", TestContext.Current.CancellationToken);

        Assert.Equal(new GatewayAnswer<GatewayIntent>.Declined("card_declined", "insufficient_funds", "Your card has insufficient funds."), answer);
    }

    [Theory]
    [InlineData(400, """{"error":{"type":"invalid_request_error","code":"charge_already_refunded","message":"x"}}""", "charge_already_refunded")]
    [InlineData(404, """{"error":{"type":"invalid_request_error","code":"resource_missing","message":"x"}}""", "resource_missing")]
    public async Task What_the_gateway_does_not_accept_is_refused_without_another_try(int status, string body, string code)
    {
        network.Answers.Enqueue((status, body));

        var answer = await Gateway().FindIntent("pi_1", TestContext.Current.CancellationToken);

        Assert.Equal(new GatewayAnswer<GatewayIntent>.Refused(status, code, "x", ""), answer);
        Assert.Single(network.Seen);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_key_that_is_not_accepted_says_nothing_of_the_card_that_was_charged(int status)
    {
        network.Answers.Enqueue((status, """{"error":{"type":"invalid_request_error","message":"x"}}"""));

        var answer = await Gateway().Charge(new ChargeRequest(Guid.NewGuid(), 100, "cus_1", "pm_1"), TestContext.Current.CancellationToken);

        Assert.IsType<GatewayAnswer<GatewayIntent>.Unknown>(answer);
        Assert.Single(network.Seen);
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(200, "{}")]
    [InlineData(400, "<html>")]
    public async Task An_answer_that_makes_no_sense_is_unknown(int status, string body)
    {
        network.Answers.Enqueue((status, body));

        Assert.IsType<GatewayAnswer<GatewayIntent>.Unknown>(await Gateway().FindIntent("pi_1", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_id_cannot_change_the_path()
    {
        network.Answers.Enqueue((200, Intent));

        await Gateway().FindIntent("../refunds?x=", TestContext.Current.CancellationToken);

        Assert.Equal("https://api.stripe.com/v1/payment_intents/..%2Frefunds%3Fx%3D?expand[]=latest_charge", network.Seen[0].Uri);
    }

    private StripeGateway Gateway() => new(
        new HttpClient(network), Options.Create(new PaymentOptions { ApiKey = "sk_test_1", BaseUrl = "https://api.stripe.com" }), new OwnAddress(null!), time, NullLogger<StripeGateway>.Instance);

    private async Task<T> WhileTimePassesAsync<T>(Task<T> work)
    {
        await Until.TrueAsync("the gateway has been tried", () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(work.IsCompleted);
        });
        return await work;
    }

    /// <summary>Gives the queued answers in turn; status 0 is a connection that breaks.</summary>
    private sealed class Network : HttpMessageHandler
    {
        public Queue<(int Status, string Body)> Answers { get; } = [];

        public List<(string Method, string Uri, string Headers, string Body)> Seen { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            Seen.Add((request.Method.Method, request.RequestUri!.AbsoluteUri, request.Headers.ToString(), body));
            var (status, text) = Answers.Dequeue();
            if (status == 0) throw new HttpRequestException("connection reset");
            return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        }
    }
}
