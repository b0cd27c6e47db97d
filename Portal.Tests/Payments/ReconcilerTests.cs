using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Sandbox.Delivery;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments;

/// <summary>Row F14 of the faults: what was never told is asked for, and the difference ends at zero.</summary>
public sealed class ReconcilerTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_payment_whose_webhooks_are_lost_is_credited_once_by_asking(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        scene.Host.Faults.Set(new FaultPlan(LoseWebhooks: true));
        var payment = await scene.TopUpAsync("100");
        Assert.Equal(PaymentStatus.Pending, payment.Status);
        scene.Host.Time.Advance(TimeSpan.FromMinutes(2));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => scene.Host.Get<Reconciler>().Reconcile(TestContext.Current.CancellationToken)));

        var found = await scene.PaymentAsync(payment.Id);
        Assert.Equal((PaymentStatus.Succeeded, "4242"), (found.Status, found.CardLast4));
        Assert.Equal(100, await scene.BalanceAsync());
    }

    [Fact]
    public async Task Payments_that_stay_undecided_for_long_keep_no_newer_one_waiting()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await using (var db = scene.Host.Database.Open())
        {
            db.Payments.AddRange(Enumerable.Range(0, 300).Select(i => new Payment
            {
                Id = Guid.NewGuid(), AccountId = scene.Customer.AccountId, PersonId = scene.Customer.PersonId, AmountNanos = Money.FromAmount(1).Nanos,
                Status = PaymentStatus.Pending, FormKey = $"stuck {i}", CreatedAt = scene.Host.Time.GetUtcNow().AddHours(-1),
            }));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        scene.Host.Faults.Set(new FaultPlan(LoseWebhooks: true));
        var payment = await scene.TopUpAsync("100");
        scene.Host.Time.Advance(TimeSpan.FromMinutes(2));

        await scene.Host.Get<Reconciler>().Reconcile(TestContext.Current.CancellationToken);

        Assert.Equal(PaymentStatus.Succeeded, (await scene.PaymentAsync(payment.Id)).Status);
    }

    [Fact]
    public async Task Coming_back_from_the_payment_page_asks_without_waiting_for_the_webhook()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.PayAsync("100");

        await scene.Host.Get<Reconciler>().Check(scene.Customer, payment.Id, TestContext.Current.CancellationToken);
        var asked = await scene.BalanceAsync();
        await scene.Host.DeliverAsync();

        Assert.Equal((100, 100), (asked, await scene.BalanceAsync()));
    }

    [Fact]
    public async Task A_payment_that_nobody_paid_stays_pending_while_its_page_is_open()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.StartAsync("100");
        scene.Host.Time.Advance(TimeSpan.FromHours(2));

        await scene.Host.Get<Reconciler>().Reconcile(TestContext.Current.CancellationToken);

        Assert.Equal(PaymentStatus.Pending, (await scene.PaymentsAsync())[0].Status);
    }

    [Theory]
    [InlineData(23, PaymentStatus.Unknown, null)]
    [InlineData(25, PaymentStatus.Failed, "abandoned")]
    public async Task A_payment_whose_page_was_never_opened_ends_when_the_gateway_has_forgotten_it(int hours, PaymentStatus status, string? code)
    {
        await using var scene = await PaymentScene.CreateAsync();
        scene.Host.Faults.Set(new FaultPlan(ApiDown: true));
        await scene.Host.WhileTimePassesAsync(scene.StartAsync("100"));
        scene.Host.Faults.Set(new FaultPlan());
        scene.Host.Time.Advance(TimeSpan.FromHours(hours));

        await scene.Host.Get<Reconciler>().Reconcile(TestContext.Current.CancellationToken);

        var payment = Assert.Single(await scene.PaymentsAsync());
        Assert.Equal((status, code), (payment.Status, payment.FailureCode));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F14_after_72_hours_without_webhooks_replays_or_questions_end_at_zero_difference(bool lost)
    {
        await using var scene = await PaymentScene.CreateAsync();
        scene.Host.Faults.Set(lost ? new FaultPlan(LoseWebhooks: true) : new FaultPlan(WebhooksDown: true));
        var paid = await scene.TopUpAsync("100");
        await scene.TopUpAsync("200", "4000000000000259");
        scene.Host.Time.Advance(TimeSpan.FromHours(72));
        scene.Host.Faults.Set(new FaultPlan(Reorder: true));

        if (lost) await scene.Host.Get<Reconciler>().CatchUp(TestContext.Current.CancellationToken);
        else await scene.Host.DeliverAsync();
        await scene.Host.Get<WebhookProcessor>().ProcessLeftovers(TestContext.Current.CancellationToken);
        var again = await scene.Host.Get<Reconciler>().CatchUp(TestContext.Current.CancellationToken);

        Assert.Equal(0, again);
        Assert.Equal(PaymentStatus.Succeeded, (await scene.PaymentAsync(paid.Id)).Status);
        Assert.Equal(100, await scene.BalanceAsync());
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_keeps_no_lost_one_from_being_found()
    {
        await using var scene = await PaymentScene.CreateAsync();
        scene.Host.Faults.Set(new FaultPlan(LoseWebhooks: true));
        await scene.TopUpAsync("100");
        await using (var db = scene.Host.Database.Open())
        {
            var odd = db.SandboxObjects.Where(o => o.Type == "event").OrderByDescending(o => o.Sequence).First();
            db.SandboxObjects.Add(new SandboxObject
            {
                Id = "evt_odd", Type = "event", CreatedAt = odd.CreatedAt, Sequence = odd.Sequence + 1,
                Json = """{"id":"evt_odd","object":"event","type":"payment_intent.succeeded","created":1,"data":{"object":{"id":"pi_odd"}}}""",
            });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await scene.Host.Get<Reconciler>().CatchUp(TestContext.Current.CancellationToken);

        Assert.Equal(100, await scene.BalanceAsync());
    }

    [Fact]
    public async Task What_was_stored_and_not_processed_is_processed_by_the_job()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.PayAsync("100");
        await using (var db = scene.Host.Database.Open())
        {
            foreach (var told in db.SandboxObjects.Where(o => o.Type == "event").ToList())
                db.WebhookEvents.Add(new WebhookEvent { Id = told.Id, Type = "", Body = told.Json, ReceivedAt = told.CreatedAt });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var processed = await scene.Host.Get<WebhookProcessor>().ProcessLeftovers(TestContext.Current.CancellationToken);
        var left = await scene.Host.Get<WebhookProcessor>().ProcessLeftovers(TestContext.Current.CancellationToken);

        Assert.Equal((3, 0), (processed, left));
        Assert.Equal(100, await scene.BalanceAsync());
    }
}
