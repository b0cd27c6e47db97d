using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.AutoTopUps;
using Portal.Payments.Cards;
using Portal.Payments.Disputes;
using Portal.Payments.Mail;
using Portal.Payments.Sandbox.Delivery;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.AutoTopUps;

/// <summary>Row B12 of the money bugs: a low balance charges the card once, and a card that declines is left alone.</summary>
public sealed class AutoTopUpRunTests
{
    private const string DeclinedLater = "4000000000000341";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B12_a_storm_of_200_prompts_on_two_nodes_is_one_top_up(DatabaseProvider provider)
    {
        await using var scene = await WatchedAsync(provider, balance: "130");
        await using var other = await scene.Host.StartOtherNodeAsync();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => scene.SpendAsync(0.6m))
            .Concat(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? scene.Host : other).Get<AutoTopUpRun>().Run(Cancel))));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? scene.Host : other).Get<AutoTopUpRun>().Run(Cancel)));
        await scene.Host.DeliverAsync();

        var payment = Assert.Single(await AutoTopUpsAsync(scene));
        Assert.Equal((PaymentStatus.Succeeded, "auto-topup:1"), (payment.Status, payment.FormKey));
        Assert.Equal(110, await scene.BalanceAsync());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B12_a_top_up_under_way_is_counted_until_the_gateway_says_what_became_of_it(DatabaseProvider provider)
    {
        await using var scene = await WatchedAsync(provider, balance: "10");
        scene.Host.Faults.Set(new FaultPlan(LoseAnswers: 4, LoseWebhooks: true));
        await scene.Host.WhileTimePassesAsync(RunAsync(scene));
        scene.Host.Time.Advance(TimeSpan.FromMinutes(5));

        var meanwhile = await RunAsync(scene);
        var state = await StateAsync(scene);
        scene.Host.Faults.Set(new FaultPlan());
        await scene.Host.Get<Reconciler>().Reconcile(Cancel);

        Assert.Equal((0, AutoTopUpState.Undecided), (meanwhile, state));
        Assert.Equal((110, AutoTopUpState.Watching), (await scene.BalanceAsync(), await StateAsync(scene)));
        Assert.Single(await AutoTopUpsAsync(scene));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B12_after_a_top_up_the_next_one_waits_for_thirty_seconds(DatabaseProvider provider)
    {
        await using var scene = await WatchedAsync(provider, balance: "10", threshold: "500");

        var started = new List<int>();
        foreach (var seconds in (int[])[0, 0, 29, 1])
        {
            scene.Host.Time.Advance(TimeSpan.FromSeconds(seconds));
            started.Add(await RunAsync(scene));
        }

        Assert.Equal([1, 0, 0, 1], started);
        Assert.Equal(210, await scene.BalanceAsync());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B12_a_decline_pauses_for_an_hour_and_three_stop_until_the_card_changes(DatabaseProvider provider)
    {
        await using var scene = await WatchedAsync(provider, balance: "10", card: DeclinedLater);

        var seen = new List<(int, AutoTopUpState)>();
        foreach (var minutes in (int[])[0, 59, 1, 60, 24 * 60])
        {
            scene.Host.Time.Advance(TimeSpan.FromMinutes(minutes));
            seen.Add((await RunAsync(scene), await StateAsync(scene)));
        }
        await scene.SaveCardAsync();
        var again = await RunAsync(scene);

        Assert.Equal([(1, AutoTopUpState.Paused), (0, AutoTopUpState.Paused), (1, AutoTopUpState.Paused), (1, AutoTopUpState.Stopped), (0, AutoTopUpState.Stopped)], seen);
        Assert.Equal(1, again);
        Assert.Equal((110, AutoTopUpState.Watching), (await scene.BalanceAsync(), await StateAsync(scene)));
    }

    [Fact]
    public async Task B12_a_balance_at_the_threshold_is_left_alone_and_a_card_that_will_never_pay_again_is_tried_once()
    {
        await using var scene = await WatchedAsync(balance: "20", expiry: "08/26");
        scene.Host.Time.Advance(TimeSpan.FromDays(70));
        Assert.Equal((0, AutoTopUpState.Watching), (await RunAsync(scene), await StateAsync(scene)));
        await scene.SpendAsync(0.01m);

        Assert.Equal((1, AutoTopUpState.Stopped), (await RunAsync(scene), await StateAsync(scene)));
        scene.Host.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, await RunAsync(scene));
    }

    [Fact]
    public async Task Switched_off_or_without_a_card_nothing_is_charged_and_only_who_manages_the_billing_switches()
    {
        await using var scene = await WatchedAsync(balance: "10");
        var cards = await scene.CardsAsync();
        await SaveAsync(scene, false, "", "");
        var off = (await RunAsync(scene), await StateAsync(scene));
        await SaveAsync(scene, true, "20", "100");
        await scene.Host.Get<CardDesk>().Remove(scene.Customer, cards[0].Id, Cancel);

        Assert.Equal((0, AutoTopUpState.Off), off);
        Assert.Equal((0, AutoTopUpState.NoCard), (await RunAsync(scene), await StateAsync(scene)));
        Assert.Equal("autotopup.no-card", (await SaveAsync(scene, true, "20", "100")).Refusal?.Code);
        Assert.Equal(Refusal.Forbidden, (await SaveAsync(scene, true, "20", "100", scene.Customer with { Role = MemberRole.Member })).Refusal);
        Assert.Empty(await AutoTopUpsAsync(scene));
    }

    [Fact]
    public async Task A_wrong_amount_is_refused_and_the_rule_stays_as_it_was()
    {
        await using var scene = await WatchedAsync(balance: "100");
        foreach (var (threshold, amount, code) in ((string, string, string)[])
        [
            ("20", "10.005", "money.decimals"), ("20", "-100", "money.not-positive"), ("20", "1e30", "money.not-a-number"), ("20", "$100", "money.not-a-number"),
            ("20", "100 USD", "money.not-a-number"), ("20", "0.5", "topup.too-small"), ("20", "50000.01", "topup.too-large"), ("0", "100", "money.not-positive"),
            ("0.001", "100", "money.decimals"), ("1000.01", "100", "autotopup.threshold-too-high"), ("99999999999999999999", "100", "money.too-large"),
        ])
        {
            Assert.Equal(code, (await SaveAsync(scene, true, threshold, amount)).Refusal?.Code);
        }

        var kept = (await scene.Host.Get<AutoTopUpDesk>().Read(scene.Customer, Cancel)).Value;
        Assert.Equal((20, 100), (kept.Threshold.Amount, kept.Amount.Amount));
    }

    [Theory]
    [InlineData("4242424242424242")]
    [InlineData("4000000000000259")]
    public async Task A_top_up_that_is_refunded_or_disputed_switches_the_rule_off(string card)
    {
        await using var scene = await WatchedAsync(balance: "10", card: card);
        Assert.Equal(1, await RunAsync(scene));
        var payment = Assert.Single(await AutoTopUpsAsync(scene));
        if (card == "4242424242424242") Assert.Null((await scene.RefundOwnAsync(payment.Id, (await scene.OwnAsync(payment.Id)).Amount.Amount)).Refusal);
        await scene.Host.DeliverAsync();
        scene.Host.Time.Advance(TimeSpan.FromHours(2));

        Assert.Equal((0, AutoTopUpState.Returned), (await RunAsync(scene), await StateAsync(scene)));
        Assert.Null((await SaveAsync(scene, true, "20", "100")).Refusal);
        Assert.Equal(AutoTopUpState.Watching, await StateAsync(scene));
        Assert.Null((await SaveAsync(scene, false, "", "")).Refusal);
        Assert.Equal(AutoTopUpState.Off, await StateAsync(scene));
    }

    [Theory]
    [InlineData("10", false, AutoTopUpState.Returned)]
    [InlineData("120", false, AutoTopUpState.Watching)]
    [InlineData("120", true, AutoTopUpState.Returned)]
    public async Task Money_that_a_customer_gets_back_or_contests_is_not_charged_again_by_itself(string balance, bool contested, AutoTopUpState state)
    {
        await using var scene = await WatchedAsync(balance: balance);
        var own = await scene.TopUpAsync("100", contested ? "4000000000000259" : "4242424242424242");
        if (!contested) Assert.Null((await scene.RefundOwnAsync(own.Id, 100)).Refusal);
        await scene.Host.DeliverAsync();

        Assert.Equal((0, state), (await RunAsync(scene), await StateAsync(scene)));
    }

    [Fact]
    public async Task A_dispute_that_is_lost_switches_a_rule_off_that_was_switched_on_again_meanwhile()
    {
        await using var scene = await WatchedAsync(balance: "100");
        var own = await scene.TopUpAsync("500", "4000000000000259");
        await scene.SpendAsync(100);
        Assert.Null((await SaveAsync(scene, true, "20", "100")).Refusal);
        var dispute = Assert.Single((await scene.Host.Get<DisputeDesk>().List(scene.Staff, Cancel)).Value);
        Assert.Equal((own.Id, 500m), (dispute.PaymentId, dispute.Frozen.Amount));
        await scene.Host.Get<DisputeDesk>().Answer(scene.Staff, dispute.Id, "losing_evidence", Cancel);

        Assert.Equal((0, AutoTopUpState.Returned), (await RunAsync(scene), await StateAsync(scene)));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_rule_that_is_switched_off_between_the_record_and_the_charge_charges_nothing_and_nobody_is_told(DatabaseProvider provider)
    {
        await using var scene = await WatchedAsync(provider, balance: "10");
        var opened = (await scene.Host.Get<LedgerWriter>().Run<Guid?>(
            async transaction => await OffSessionCharges.Open(transaction, scene.Customer.AccountId, Money.FromAmount(100), PaymentPurpose.AutoTopUp, "auto-topup:0", Cancel), Cancel)).Value!.Value;
        Assert.Null((await SaveAsync(scene, false, "", "")).Refusal);

        var sent = await scene.Host.Get<OffSessionCharges>().Send(opened, Cancel);
        await scene.Host.DeliverAsync();
        await scene.Host.Get<PaymentLetters>().Write(Cancel);

        Assert.Equal(new ChargeOutcome.Declined(opened, "withdrawn", false), sent);
        Assert.Equal(10, await scene.BalanceAsync());
        await using var db = scene.Host.Database.Open();
        Assert.Empty(await db.OutboxMails.ToListAsync(Cancel));
        Assert.Null((await SaveAsync(scene, true, "20", "100")).Refusal);
        scene.Host.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, await RunAsync(scene));
    }

    [Fact]
    public async Task One_that_waits_for_a_confirmation_is_withdrawn_when_the_rule_is_switched_off_and_nobody_is_told_that_it_failed()
    {
        await using var scene = await WatchedAsync(balance: "10", card: "4000000000003220");
        await RunAsync(scene);
        await scene.Host.Get<PaymentLetters>().Write(Cancel);
        Assert.Null((await SaveAsync(scene, false, "", "")).Refusal);

        scene.Host.Time.Advance(TimeSpan.FromHours(1));
        await scene.Host.Get<Reconciler>().Reconcile(Cancel);
        await scene.Host.DeliverAsync();
        await scene.Host.Get<PaymentLetters>().Write(Cancel);

        Assert.Equal((PaymentStatus.Failed, "withdrawn"), ((await AutoTopUpsAsync(scene))[0].Status, (await AutoTopUpsAsync(scene))[0].FailureCode));
        await using var db = scene.Host.Database.Open();
        Assert.Equal(["Please confirm your payment of ¥100.00"], await db.OutboxMails.Select(m => m.Subject).ToListAsync(Cancel));
        await db.OutboxMails.ExecuteDeleteAsync(Cancel);
    }

    [Fact]
    public async Task One_that_nobody_confirms_is_told_as_cancelled()
    {
        await using var scene = await WatchedAsync(balance: "10", card: "4000000000003220");
        await RunAsync(scene);
        scene.Host.Time.Advance(TimeSpan.FromHours(25));
        await scene.Host.Get<Reconciler>().Reconcile(Cancel);
        await scene.Host.Get<PaymentLetters>().Write(Cancel);

        await using var db = scene.Host.Database.Open();
        Assert.Equal("The automatic top-up of ¥100.00 was cancelled", (await db.OutboxMails.SingleAsync(Cancel)).Subject);
    }

    [Theory]
    [InlineData("4242424242424242")]
    [InlineData(DeclinedLater)]
    public async Task F17_a_clock_that_was_a_month_ahead_for_a_while_keeps_no_top_up_from_starting(string card)
    {
        await using var scene = await WatchedAsync(balance: "10", threshold: "1000", card: card);
        scene.Host.Time.SetClock(TimeSpan.FromDays(31));
        for (var i = 0; i < AutoTopUpView.InADayMost; i++)
        {
            await RunAsync(scene);
            scene.Host.Time.Advance(TimeSpan.FromMinutes(1));
        }

        if (card != DeclinedLater) await scene.SpendAsync(500);
        scene.Host.Time.SetClock(TimeSpan.FromDays(-31));

        Assert.Equal(1, await RunAsync(scene));
    }

    [Fact]
    public async Task No_more_than_ten_top_ups_start_in_a_day()
    {
        await using var scene = await WatchedAsync(balance: "10", threshold: "1000");
        var started = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            started.Add(await RunAsync(scene));
            await scene.SpendAsync(60);
            scene.Host.Time.Advance(TimeSpan.FromMinutes(1));
        }
        var full = (await scene.Host.Get<AutoTopUpDesk>().Read(scene.Customer, Cancel)).Value;
        Assert.Equal((AutoTopUpState.Full, TimeSpan.FromHours(24) - TimeSpan.FromMinutes(12)), (full.State, full.WaitsUntil - scene.Host.Time.GetUtcNow()));
        scene.Host.Time.Advance(TimeSpan.FromHours(24));

        Assert.Equal((10, 1), (started.Sum(), await RunAsync(scene)));
    }

    [Theory]
    [InlineData("4242424242424242", "¥100.00 was added to your balance")]
    [InlineData(DeclinedLater, "The automatic top-up of ¥100.00 failed")]
    [InlineData("4000000000003220", "Please confirm your payment of ¥100.00")]
    public async Task What_became_of_it_is_written_once_to_those_who_manage_the_billing(string card, string subject)
    {
        await using var scene = await WatchedAsync(balance: "10", card: card);
        await RunAsync(scene);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => scene.Host.Get<PaymentLetters>().Write(Cancel)));
        await scene.Host.DeliverAsync();
        await scene.Host.Get<PaymentLetters>().Write(Cancel);

        await using var db = scene.Host.Database.Open();
        Assert.Equal([subject], await db.OutboxMails.Select(m => m.Subject).ToListAsync(Cancel));
    }

    /// <summary>A customer with a card and a rule; what is tried against it is told by nobody but the gateway's answers.</summary>
    private static async Task<PaymentScene> WatchedAsync(
        DatabaseProvider provider = DatabaseProvider.Sqlite, string balance = "100", string threshold = "20", string card = "4242424242424242", string expiry = "12/34")
    {
        var scene = await PaymentScene.CreateAsync(provider);
        await scene.SaveCardAsync(card, expiry);
        await scene.TopUpAsync(balance);
        Assert.Null((await SaveAsync(scene, true, threshold, "100")).Refusal);
        return scene;
    }

    private static Task<Outcome<Done>> SaveAsync(PaymentScene scene, bool enabled, string threshold, string amount, Caller? caller = null) =>
        scene.Host.Get<AutoTopUpDesk>().Save(caller ?? scene.Customer, new AutoTopUpRequest(enabled, threshold, amount), Cancel);

    private static Task<int> RunAsync(PaymentScene scene) => scene.Host.Get<AutoTopUpRun>().Run(Cancel);

    private static async Task<AutoTopUpState> StateAsync(PaymentScene scene) => (await scene.Host.Get<AutoTopUpDesk>().Read(scene.Customer, Cancel)).Value.State;

    private static async Task<List<Payment>> AutoTopUpsAsync(PaymentScene scene) => [.. (await scene.PaymentsAsync()).Where(p => p.Purpose == PaymentPurpose.AutoTopUp)];
}
