using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Portal.Tests.Payments.Sandbox;

public sealed class HostedCheckoutTests : IAsyncLifetime
{
    private PaymentsHost host = null!;

    public async ValueTask InitializeAsync() => host = await PaymentsHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task A_good_card_pays_and_leads_back_with_the_session_in_the_address()
    {
        var id = Text(await host.CreateSessionAsync(("client_reference_id", "order-1"), ("payment_intent_data[metadata][payment_id]", "p1")), "id");

        var (status, location, _) = await host.PayAsync(id, "4242 4242 4242 4242");

        var session = await host.GetAsync($"checkout/sessions/{id}?expand[]=payment_intent.latest_charge");
        Assert.Equal((303, $"{host.Address}billing?session={id}"), (status, location));
        Assert.Equal(("complete", "paid", 10000), (Text(session, "status"), Text(session, "payment_status"), session["amount_total"]!.GetValue<int>()));
        var intent = session["payment_intent"]!.AsObject();
        Assert.Equal(("succeeded", "p1"), (Text(intent, "status"), intent["metadata"]!["payment_id"]!.GetValue<string>()));
        Assert.Equal("4242", intent["latest_charge"]!["payment_method_details"]!["card"]!["last4"]!.GetValue<string>());
    }

    [Fact]
    public async Task Every_page_and_answer_of_a_payment_tells_the_portal()
    {
        var id = Text(await host.CreateSessionAsync(), "id");
        await host.PayAsync(id, "4000000000000002");
        await host.PayAsync(id, "4242424242424242");

        Assert.Equal(
            ["checkout.session.completed", "payment_intent.succeeded", "charge.succeeded", "payment_intent.payment_failed", "charge.failed"],
            await EventTypesAsync());
    }

    [Theory]
    [InlineData("4000000000000002", "Your card was declined. Nothing was charged.")]
    [InlineData("4000000000009995", "Your card has insufficient funds.")]
    [InlineData("4000000000009987", "Your card was declined.")]
    [InlineData("4000000000009979", "Your card was declined.")]
    [InlineData("4000000000000069", "Your card has expired.")]
    [InlineData("4000000000000127", "security code is incorrect")]
    [InlineData("4000000000000119", "An error occurred while processing your card.")]
    [InlineData("4242424242424241", "Your card number is incorrect.")]
    [InlineData("4111111111111111", "this is not a test card")]
    public async Task A_decline_is_said_on_the_page_and_another_card_can_be_tried(string number, string sentence)
    {
        var id = Text(await host.CreateSessionAsync(), "id");

        var (status, _, html) = await host.PayAsync(id, number);
        var (again, location, _) = await host.PayAsync(id, "5555555555554444");

        Assert.Equal(402, status);
        Assert.Contains(sentence, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Equal((303, $"{host.Address}billing?session={id}"), (again, location));
    }

    [Theory]
    [InlineData("12/20", "123", "The expiry date is invalid or in the past.")]
    [InlineData("12/34", "1", "security code is invalid")]
    public async Task A_mistyped_date_or_code_is_said_on_the_page(string expiry, string cvc, string sentence)
    {
        var (status, _, html) = await host.PayAsync(Text(await host.CreateSessionAsync(), "id"), "4242424242424242", expiry, cvc);

        Assert.Equal(402, status);
        Assert.Contains(sentence, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_double_click_on_Pay_is_one_payment()
    {
        var id = Text(await host.CreateSessionAsync(), "id");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.PayAsync(id, "4242424242424242")));

        Assert.All(answers, a => Assert.Equal((303, $"{host.Address}billing?session={id}"), (a.Status, a.Location)));
        Assert.Single((await host.GetAsync("charges"))["data"]!.AsArray());
        Assert.Single(await EventTypesAsync(), "checkout.session.completed");
    }

    [Theory]
    [InlineData("4000002500003155", true)]
    [InlineData("4000000000003220", true)]
    [InlineData("4000000000003220", false)]
    public async Task A_card_with_authentication_asks_the_holder_first(string number, bool confirm)
    {
        var session = await host.CreateSessionAsync();
        var id = Text(session, "id");
        var (_, ask, _) = await host.PayAsync(id, number);
        var waiting = await host.GetAsync("payment_intents/" + Text(session, "payment_intent"));
        var page = await host.Http.GetStringAsync(new Uri(ask!, UriKind.Relative), TestContext.Current.CancellationToken);

        var (_, location) = await host.AuthenticateAsync(ask!, confirm);

        var intent = await host.GetAsync("payment_intents/" + Text(session, "payment_intent"));
        Assert.Equal(("requires_action", "redirect_to_url"), (Text(waiting, "status"), waiting["next_action"]!["type"]!.GetValue<string>()));
        Assert.Contains("¥100.00", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Equal(confirm ? "succeeded" : "requires_payment_method", Text(intent, "status"));
        Assert.Equal(confirm ? $"{host.Address}billing?session={id}" : $"/sandbox/checkout/{id}?authentication=failed", location);
    }

    [Fact]
    public async Task Confirming_twice_is_one_payment()
    {
        var id = Text(await host.CreateSessionAsync(), "id");
        var (_, ask, _) = await host.PayAsync(id, "4000000000003220");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.AuthenticateAsync(ask!, confirm: true)));

        Assert.All(answers, a => Assert.Equal($"{host.Address}billing?session={id}", a.Location));
        Assert.Single((await host.GetAsync("charges"))["data"]!.AsArray());
    }

    [Fact]
    public async Task A_card_that_disputes_is_charged_and_then_disputed()
    {
        await host.PayAsync(Text(await host.CreateSessionAsync(), "id"), "4000000000000259");

        var dispute = (await host.GetAsync("disputes"))["data"]![0]!.AsObject();
        var won = await host.PostAsync("disputes/" + Text(dispute, "id"), ("evidence[uncategorized_text]", "winning_evidence"));

        Assert.Equal(("fraudulent", "needs_response", 10000), (Text(dispute, "reason"), Text(dispute, "status"), dispute["amount"]!.GetValue<int>()));
        Assert.Equal("won", Text(won, "status"));
        Assert.Equal(["charge.dispute.funds_reinstated", "charge.dispute.closed", "charge.dispute.funds_withdrawn", "charge.dispute.created"],
            (await EventTypesAsync()).Where(t => t.Contains("dispute", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_session_expires_and_its_page_says_so()
    {
        var expires = host.Time.GetUtcNow().AddMinutes(30).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var id = Text(await host.CreateSessionAsync(("expires_at", expires)), "id");
        host.Time.Advance(TimeSpan.FromMinutes(31));
        await host.DeliverAsync();

        var (status, _, html) = await host.PayAsync(id, "4242424242424242");

        Assert.Equal(410, status);
        Assert.Contains("Nothing was charged", html, StringComparison.Ordinal);
        Assert.Equal(["checkout.session.expired", "payment_intent.canceled"], await EventTypesAsync());
        Assert.Equal("expired", Text(await host.GetAsync("checkout/sessions/" + id), "status"));
    }

    [Theory]
    [InlineData("en", "Pay ¥100.00", "Back without paying")]
    [InlineData("zh", "支付 ¥100.00", "返回，暂不支付")]
    public async Task The_page_speaks_the_language_of_the_session(string locale, string pay, string back)
    {
        var session = await host.CreateSessionAsync(("locale", locale));

        var html = WebUtility.HtmlDecode(await host.Http.GetStringAsync(new Uri(Text(session, "url")), TestContext.Current.CancellationToken));

        Assert.Contains(pay, html, StringComparison.Ordinal);
        Assert.Contains(back, html, StringComparison.Ordinal);
        Assert.Contains($"href=\"{host.Address}billing\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_session_has_no_page()
    {
        using var response = await host.Http.GetAsync(new Uri("/sandbox/checkout/cs_test_none", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_card_saved_at_checkout_is_charged_later_without_its_holder()
    {
        var customer = Text(await host.PostAsync("customers", ("email", "a@example.com")), "id");
        var session = await host.CreateSessionAsync(("customer", customer), ("payment_intent_data[setup_future_usage]", "off_session"));
        var (_, ask, _) = await host.PayAsync(Text(session, "id"), "4000002500003155");
        await host.AuthenticateAsync(ask!, confirm: true);
        var method = Text((await host.GetAsync($"customers/{customer}/payment_methods"))["data"]![0]!.AsObject(), "id");

        var (saved, intent, _) = await host.ApiAsync(HttpMethod.Post, "payment_intents", "a", Charge(customer, method));
        var (other, refused, _) = await host.ApiAsync(HttpMethod.Post, "payment_intents", "b", Charge(customer, "pm_card_authenticationRequired"));

        Assert.Equal((200, "succeeded"), (saved, Text(intent, "status")));
        Assert.Equal((402, "authentication_required"), (other, refused["error"]!["code"]!.GetValue<string>()));
    }

    private static (string, string)[] Charge(string customer, string method) =>
        [("amount", "700"), ("currency", "cny"), ("customer", customer), ("payment_method", method), ("off_session", "true"), ("confirm", "true")];

    private async Task<List<string>> EventTypesAsync() =>
        (await host.GetAsync("events?limit=100"))["data"]!.AsArray().Select(e => Text(e!.AsObject(), "type")).ToList();

    private static string Text(JsonObject body, string name) => body[name]!.GetValue<string>();
}
