using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Payments.Sandbox.Delivery;

namespace Portal.Tests.Payments.Sandbox;

/// <summary>What the sandbox sends to the portal, and what it does when that fails or is made to.</summary>
public sealed class WebhookSenderTests : IAsyncLifetime
{
    private PaymentsHost host = null!;

    public async ValueTask InitializeAsync() => host = await PaymentsHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Each_event_is_accepted_once_and_then_has_nothing_pending()
    {
        await PaidAsync();

        Assert.Equal(3, await host.DeliverAsync());
        Assert.Equal(0, await host.DeliverAsync());
        Assert.Equal(3, await StoredAsync());
        Assert.All((await host.GetAsync("events"))["data"]!.AsArray(), e => Assert.Equal(0, e!["pending_webhooks"]!.GetValue<int>()));
    }

    [Fact]
    public async Task While_webhooks_are_down_nothing_is_sent_and_nothing_is_lost()
    {
        host.Faults.Set(new FaultPlan(WebhooksDown: true));
        await PaidAsync();
        Assert.Equal(0, await host.DeliverAsync());
        host.Time.Advance(TimeSpan.FromHours(72));
        host.Faults.Set(new FaultPlan());

        Assert.Equal(3, await host.DeliverAsync());
        Assert.Equal(3, await StoredAsync());
    }

    [Fact]
    public async Task A_delayed_webhook_is_sent_when_its_time_has_come()
    {
        host.Faults.Set(new FaultPlan(DelaySeconds: 60));
        await PaidAsync();
        host.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, await host.DeliverAsync());
        host.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(3, await host.DeliverAsync());
    }

    [Fact]
    public async Task Duplicates_arrive_and_are_stored_once()
    {
        host.Faults.Set(new FaultPlan(Duplicates: 4));
        await PaidAsync();

        await host.DeliverAsync();

        Assert.Equal(3, await StoredAsync());
    }

    [Theory]
    [InlineData(false, "charge.succeeded", "checkout.session.completed")]
    [InlineData(true, "checkout.session.completed", "charge.succeeded")]
    public async Task Reordering_sends_the_newest_first(bool reorder, string first, string last)
    {
        host.Faults.Set(new FaultPlan(Reorder: reorder));
        await PaidAsync();

        await host.DeliverAsync();

        var types = host.Arrived.Select(body => JsonNode.Parse(body)!["type"]!.GetValue<string>()).ToList();
        Assert.Equal((first, last), (types[0], types[^1]));
    }

    [Fact]
    public async Task A_lost_webhook_never_arrives()
    {
        host.Faults.Set(new FaultPlan(LoseWebhooks: true));
        await PaidAsync();
        await host.DeliverAsync();
        host.Faults.Set(new FaultPlan());
        host.Time.Advance(TimeSpan.FromHours(72));
        await host.DeliverAsync();

        Assert.Equal(0, await StoredAsync());
    }

    [Fact]
    public async Task A_webhook_that_is_not_accepted_is_sent_again_later_and_later()
    {
        await PaidAsync();
        host.RefuseWebhooks = true;
        Assert.Equal(0, await host.DeliverAsync());
        host.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, await host.DeliverAsync());
        host.RefuseWebhooks = false;
        host.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(0, await host.DeliverAsync());
        host.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(3, await host.DeliverAsync());
    }

    [Fact]
    public async Task Two_senders_at_once_send_each_event_once()
    {
        await PaidAsync();

        var accepted = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.DeliverAsync()));

        Assert.Equal(3, accepted.Sum());
    }

    private async Task PaidAsync()
    {
        var session = await host.CreateSessionAsync();
        await host.PayAsync(session["id"]!.GetValue<string>(), "4242424242424242");
    }

    private async Task<int> StoredAsync()
    {
        await using var db = host.Database.Open();
        return await db.WebhookEvents.CountAsync();
    }
}
