using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Comparison;
using Portal.Payments.Disputes;
using Portal.Payments.Gateway;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments;

/// <summary>Rows F11, F12, F13, B8 and B9 of the faults and money bugs: whatever arrives, a payment is credited once or not at all.</summary>
public sealed class WebhookEndpointTests
{
    [Theory]
    [InlineData(-301, 400)]
    [InlineData(-300, 200)]
    [InlineData(0, 200)]
    [InlineData(300, 200)]
    [InlineData(301, 400)]
    public async Task F13_a_stale_webhook_is_400_and_changes_nothing(int secondsFromNow, int expected)
    {
        await using var scene = await PaymentScene.CreateAsync();
        var body = await PaidEventAsync(scene);

        var status = await scene.Host.SendWebhookAsync(body, Sign(body, scene.Host.Time.GetUtcNow().AddSeconds(secondsFromNow)));

        Assert.Equal(expected, status);
        Assert.Equal(expected == 200 ? 100 : 0, await scene.BalanceAsync());
    }

    [Fact]
    public async Task F13_a_forged_webhook_is_400_and_changes_nothing()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var body = await PaidEventAsync(scene);
        var now = scene.Host.Time.GetUtcNow();
        var right = Sign(body, now);

        string?[] wrong =
        [
            null, "", "t=1,v1=", "v1=" + right.Split("v1=")[1], right.Replace("v1=", "v0=", StringComparison.Ordinal), right[..^1], right.ToUpperInvariant(),
            StripeSignature.Sign("whsec_of_somebody_else", Encoding.UTF8.GetBytes(body), now), Sign(body + " ", now),
        ];

        foreach (var signature in wrong) Assert.Equal(400, await scene.Host.SendWebhookAsync(body, signature));
        Assert.Equal(0, await scene.BalanceAsync());
        Assert.Equal(0, await StoredAsync(scene));
    }

    [Fact]
    public async Task F13_a_reserialised_body_is_400_although_it_says_the_same()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var body = await PaidEventAsync(scene);
        var indented = JsonNode.Parse(body)!.ToString();
        Assert.NotEqual(body, indented);

        Assert.Equal(400, await scene.Host.SendWebhookAsync(indented, Sign(body, scene.Host.Time.GetUtcNow())));
        Assert.Equal(0, await scene.BalanceAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"id\":\"evt_1\"}")]
    [InlineData("{\"id\":\"evt_1\",\"type\":\"payment_intent.succeeded\",\"created\":1,\"data\":{\"object\":3}}")]
    public async Task A_signed_body_that_is_no_event_is_400(string body)
    {
        await using var scene = await PaymentScene.CreateAsync();

        Assert.Equal(400, await scene.Host.SendWebhookAsync(body, Sign(body, scene.Host.Time.GetUtcNow())));
    }

    [Fact]
    public async Task A_body_beyond_half_a_megabyte_is_refused_unread()
    {
        await using var scene = await PaymentScene.CreateAsync();

        Assert.Equal(413, await scene.Host.SendWebhookAsync(new string('x', 600_000), "t=1,v1=0"));
    }

    [Fact]
    public async Task One_of_several_signatures_suffices_while_a_secret_is_rolled()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var body = await PaidEventAsync(scene);
        var right = Sign(body, scene.Host.Time.GetUtcNow());

        Assert.Equal(200, await scene.Host.SendWebhookAsync(body, right.Replace(",", ",v1=0000,", StringComparison.Ordinal)));
        Assert.Equal(100, await scene.BalanceAsync());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F11_one_webhook_fifty_times_at_once_over_two_nodes_is_one_credit(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        await using var other = await scene.Host.StartOtherNodeAsync();
        var body = await PaidEventAsync(scene);
        var signature = Sign(body, scene.Host.Time.GetUtcNow());

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? scene.Host : other).SendWebhookAsync(body, signature)));

        Assert.All(answers, status => Assert.Equal(200, status));
        Assert.Equal(100, await scene.BalanceAsync());
        Assert.Equal(1, await StoredAsync(scene));
        Assert.Equal(["RCP-2026-000001 100"], await scene.DocumentsAsync());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B8_all_that_confirms_one_payment_at_once_is_one_credit(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        await scene.PayAsync();
        var bodies = await EventsAsync(scene);
        var now = scene.Host.Time.GetUtcNow();

        var answers = await Task.WhenAll(bodies.Concat(bodies).Select(body => scene.Host.SendWebhookAsync(body, Sign(body, now))));

        Assert.All(answers, status => Assert.Equal(200, status));
        Assert.Equal(100, await scene.BalanceAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F12_webhooks_in_reverse_order_end_in_the_same_state(bool reverse)
    {
        await using var scene = await PaymentScene.CreateAsync();
        var url = (await scene.StartAsync("100")).Value;
        await scene.Host.PayAsync(url.Segments[^1], "4000000000000002");
        await scene.Host.PayAsync(url.Segments[^1], "5555555555554444");
        var bodies = await EventsAsync(scene);
        if (reverse) bodies.Reverse();

        foreach (var body in bodies) await scene.Host.SendWebhookAsync(body, Sign(body, scene.Host.Time.GetUtcNow()));

        var payment = Assert.Single(await scene.PaymentsAsync());
        Assert.Equal((PaymentStatus.Succeeded, null, "mastercard", "4444"), (payment.Status, payment.FailureCode, payment.CardBrand, payment.CardLast4));
        Assert.Equal(100, await scene.BalanceAsync());
    }

    [Fact]
    public async Task F12_a_refund_that_is_heard_of_before_its_payment_waits_for_it()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.PayAsync("100");
        var intent = (await scene.Host.GetAsync("payment_intents"))["data"]![0]!["id"]!.GetValue<string>();
        await scene.Host.PostAsync("refunds", ("payment_intent", intent), ("amount", "2500"));
        var bodies = await EventsAsync(scene);
        bodies.Reverse();

        foreach (var body in bodies) await scene.Host.SendWebhookAsync(body, Sign(body, scene.Host.Time.GetUtcNow()));
        await scene.Host.Get<WebhookProcessor>().ProcessLeftovers(TestContext.Current.CancellationToken);

        var payment = Assert.Single(await scene.PaymentsAsync());
        Assert.Equal((PaymentStatus.Succeeded, 25m, RefundStatus.Succeeded), (payment.Status, new Money(payment.RefundedNanos).Amount, Assert.Single(payment.Refunds).Status));
        Assert.Equal(75, await scene.BalanceAsync());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F12_a_refund_and_a_dispute_of_an_intent_that_no_payment_has_yet_wait_for_the_payment(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        await scene.PayAsync("50", "4000000000000259");
        var paid = await scene.PayAsync("100");
        await scene.Host.PostAsync("refunds", ("payment_intent", paid.PaymentIntentId!), ("amount", "2500"));

        // A gateway that makes the intent when the page is paid does not name it before.
        await using var db = scene.Host.Database.Open();
        await db.Payments.ExecuteUpdateAsync(set => set.SetProperty(p => p.PaymentIntentId, (string?)null), TestContext.Current.CancellationToken);
        var bodies = await EventsAsync(scene);
        bodies.Reverse();

        foreach (var body in bodies) Assert.Equal(200, await scene.Host.SendWebhookAsync(body, Sign(body, scene.Host.Time.GetUtcNow())));
        await scene.Host.Get<WebhookProcessor>().ProcessLeftovers(TestContext.Current.CancellationToken);

        Assert.Equal(25m, new Money((await scene.PaymentAsync(paid.Id)).RefundedNanos).Amount);
        Assert.Equal(50m, Assert.Single((await scene.Host.Get<DisputeDesk>().List(scene.Staff, TestContext.Current.CancellationToken)).Value).Frozen.Amount);
        Assert.Equal(75, await scene.BalanceAsync());
        Assert.False(await db.WebhookEvents.AnyAsync(e => e.ProcessedAt == null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_dispute_of_a_payment_that_is_never_heard_of_waits_quietly_and_is_given_up_after_two_days()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var cancel = TestContext.Current.CancellationToken;
        var (processor, administrator) = (scene.Host.Get<WebhookProcessor>(), scene.Staff with { IsAdministrator = true });
        var (heard, started) = (scene.Host.Get<ForeignEvents>(), scene.Host.Time.GetUtcNow());
        var body = Event("evt_other", "charge.dispute.created", new { id = "dp_other", payment_intent = "pi_other", amount = 100, currency = "cny", status = "needs_response" });
        Assert.Equal(200, await scene.Host.SendWebhookAsync(body, Sign(body, started)));

        // Every minute for a day: what is tried less and less is no finding in between.
        var tried = 0;
        for (var minute = 0; minute < 1440; minute++)
        {
            tried += await processor.ProcessLeftovers(cancel);
            scene.Host.Time.Advance(TimeSpan.FromMinutes(1));
        }

        await Books.AssertClean(scene.Host.Database.Factory, scene.Host.Time);
        Assert.InRange(tried, 24, 30);
        Assert.Equal(started + WebhookProcessor.PaymentWait, Assert.Single((await heard.Read(administrator, cancel)).Value).WaitsUntil);
        Assert.Equal(Refusal.NotFound, (await heard.Read(scene.Staff, cancel)).Refusal);

        scene.Host.Time.Advance(TimeSpan.FromDays(1));
        await processor.ProcessLeftovers(cancel);

        await using var db = scene.Host.Database.Open();
        Assert.Equal(scene.Host.Time.GetUtcNow(), (await db.WebhookEvents.AsNoTracking().FirstAsync(cancel)).ProcessedAt);
        Assert.Null(Assert.Single((await heard.Read(administrator, cancel)).Value).WaitsUntil);
    }

    [Fact]
    public async Task B9_a_late_failure_does_not_unpay()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync();
        string[] late = ["payment_intent.payment_failed", "payment_intent.canceled", "checkout.session.expired", "checkout.session.async_payment_failed"];
        foreach (var (index, type) in late.Index())
        {
            var body = type.StartsWith("checkout", StringComparison.Ordinal)
                ? Event($"evt_{index}", type, new { id = payment.SessionId, status = "expired", payment_status = "unpaid", client_reference_id = payment.Id })
                : Event($"evt_{index}", type, Intent(payment, type.EndsWith("canceled", StringComparison.Ordinal) ? "canceled" : "requires_payment_method", 0));
            Assert.Equal(200, await scene.Host.SendWebhookAsync(body, Sign(body, scene.Host.Time.GetUtcNow())));
        }

        Assert.Equal((PaymentStatus.Succeeded, null), ((await scene.PaymentAsync(payment.Id)).Status, (await scene.PaymentAsync(payment.Id)).FailureCode));
        Assert.Equal(100, await scene.BalanceAsync());
    }

    [Fact]
    public async Task A_replayed_webhook_is_200_and_changes_nothing()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.TopUpAsync();

        foreach (var body in scene.Host.Arrived.ToList()) Assert.Equal(200, await scene.Host.SendWebhookAsync(body, Sign(body, scene.Host.Time.GetUtcNow())));

        Assert.Equal(100, await scene.BalanceAsync());
        Assert.Equal(3, await StoredAsync(scene));
    }

    [Theory]
    [InlineData(1, "cny")]
    [InlineData(10000, "usd")]
    public async Task Another_amount_or_currency_than_was_asked_for_is_credited_to_nobody_and_stays_visible(int received, string currency)
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.PayAsync();
        var body = Event("evt_odd", "payment_intent.succeeded", Intent(payment, "succeeded", received, currency));

        Assert.Equal(200, await scene.Host.SendWebhookAsync(body, Sign(body, scene.Host.Time.GetUtcNow())));

        await using var db = scene.Host.Database.Open();
        var stored = await db.WebhookEvents.FirstAsync(e => e.Id == "evt_odd", TestContext.Current.CancellationToken);
        Assert.Null(stored.ProcessedAt);
        Assert.Contains("not what was asked for", stored.Error, StringComparison.Ordinal);
        Assert.Equal(0, await scene.BalanceAsync());
    }

    [Fact]
    public async Task A_refund_beyond_its_payment_changes_nothing_and_stays_visible()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync();
        var body = Event("evt_refund", "refund.updated", new { id = "re_elsewhere", payment_intent = payment.PaymentIntentId, amount = 10001, currency = "cny", status = "succeeded" });

        Assert.Equal(200, await scene.Host.SendWebhookAsync(body, Sign(body, scene.Host.Time.GetUtcNow())));

        await using var db = scene.Host.Database.Open();
        var stored = await db.WebhookEvents.FirstAsync(e => e.Id == "evt_refund", TestContext.Current.CancellationToken);
        Assert.Equal((null, 1), (stored.ProcessedAt, stored.Attempts));
        Assert.Contains("more than is left", stored.Error, StringComparison.Ordinal);
        Assert.Equal(100, await scene.BalanceAsync());
        stored.ProcessedAt = scene.Host.Time.GetUtcNow();
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_event_about_nothing_of_ours_is_stored_and_done_with()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var body = Event("evt_other", "payment_intent.succeeded", new { id = "pi_other", status = "succeeded", amount_received = 100, currency = "cny" });

        Assert.Equal(200, await scene.Host.SendWebhookAsync(body, Sign(body, scene.Host.Time.GetUtcNow())));

        await using var db = scene.Host.Database.Open();
        Assert.NotNull((await db.WebhookEvents.FirstAsync(TestContext.Current.CancellationToken)).ProcessedAt);
    }

    /// <summary>The body of the event that says that a payment of ¥100 succeeded; it was not delivered.</summary>
    private static async Task<string> PaidEventAsync(PaymentScene scene)
    {
        await scene.PayAsync();
        return (await EventsAsync(scene)).First(body => body.Contains("\"payment_intent.succeeded\"", StringComparison.Ordinal));
    }

    private static async Task<List<string>> EventsAsync(PaymentScene scene)
    {
        await using var db = scene.Host.Database.Open();
        return await db.SandboxObjects.Where(o => o.Type == "event").OrderBy(o => o.Sequence).Select(o => o.Json).ToListAsync();
    }

    private static async Task<int> StoredAsync(PaymentScene scene)
    {
        await using var db = scene.Host.Database.Open();
        return await db.WebhookEvents.CountAsync();
    }

    private static string Event(string id, string type, object about) => JsonSerializer.Serialize(new { id, type, created = 1, data = new { @object = about } });

    private static object Intent(Payment payment, string status, int received, string currency = "cny") =>
        new { id = payment.PaymentIntentId, status, amount_received = received, currency, metadata = new { payment_id = payment.Id } };

    private static string Sign(string body, DateTimeOffset at) => StripeSignature.Sign(PaymentsHost.WebhookSecret, Encoding.UTF8.GetBytes(body), at);
}
