using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Cards;
using Portal.Payments.Sandbox.Delivery;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Cards;

/// <summary>Charges of a saved card with nobody there: paid, declined, to be confirmed, or not known until the gateway answers.</summary>
public sealed class OffSessionChargesTests
{
    private const string Expires = "08/26";
    private const string DeclinedLater = "4000000000000341";
    private const string AsksAlways = "4000000000003220";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_saved_card_pays_and_the_credit_has_a_receipt(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        await scene.SaveCardAsync();

        var paid = Assert.IsType<ChargeOutcome.Paid>(await scene.ChargeAsync(99.50m));
        await scene.Host.DeliverAsync();

        var payment = await scene.PaymentAsync(paid.PaymentId);
        Assert.Equal((PaymentStatus.Succeeded, PaymentPurpose.Renewal, "visa", "4242"), (payment.Status, payment.Purpose, payment.CardBrand, payment.CardLast4));
        Assert.Equal(99.50m, await scene.BalanceAsync());
        Assert.Equal(["RCP-2026-000001 99"], await scene.DocumentsAsync());
        Assert.NotEqual(paid, await scene.ChargeAsync(1, "another key"));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B8_the_same_key_on_two_nodes_at_once_is_one_payment_and_one_credit(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        await scene.SaveCardAsync();
        await using var other = await scene.Host.StartOtherNodeAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? scene.Host : other).Get<OffSessionCharges>()
            .Charge(scene.Customer.AccountId, Money.FromAmount(100), PaymentPurpose.Renewal, "renewal-1", Cancel)));
        await scene.Host.DeliverAsync();

        Assert.Single(outcomes.Distinct());
        Assert.IsType<ChargeOutcome.Paid>(outcomes[0]);
        Assert.Equal(100, await scene.BalanceAsync());
        Assert.Single((await scene.Host.GetAsync("charges"))["data"]!.AsArray());
    }

    [Fact]
    public async Task Without_a_card_nothing_is_recorded_and_an_amount_that_no_card_can_be_charged_is_a_bug_of_the_caller()
    {
        await using var scene = await PaymentScene.CreateAsync();
        Assert.IsType<ChargeOutcome.NoCard>(await scene.ChargeAsync());
        await scene.SaveCardAsync();

        foreach (var amount in (decimal[])[0, -1, 10.005m]) await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => scene.ChargeAsync(amount));

        Assert.Empty(await scene.PaymentsAsync());
    }

    [Fact]
    public async Task A_decline_is_the_end_of_that_payment_and_says_whether_the_card_is_worth_another_try()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.SaveCardAsync(DeclinedLater);
        var soft = Assert.IsType<ChargeOutcome.Declined>(await scene.ChargeAsync());
        await scene.SaveCardAsync("4242424242424242", Expires);
        scene.Host.Time.Advance(TimeSpan.FromDays(70));
        var hard = Assert.IsType<ChargeOutcome.Declined>(await scene.ChargeAsync(key: "renewal-2"));

        await scene.Host.DeliverAsync();

        Assert.Equal(("generic_decline", false), (soft.Code, soft.Hard));
        Assert.Equal(("expired_card", true), (hard.Code, hard.Hard));
        Assert.All(await scene.PaymentsAsync(), p => Assert.Equal(PaymentStatus.Failed, p.Status));
        Assert.Equal(soft, await scene.ChargeAsync());
        Assert.Equal(0, await scene.BalanceAsync());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F14_gateway_down_for_72_hours_then_back_leaves_no_charge_unsettled(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        await scene.SaveCardAsync();
        await scene.Host.DeliverAsync();
        scene.Host.Faults.Set(new FaultPlan(LoseAnswers: 4, LoseWebhooks: true));
        var charged = Assert.IsType<ChargeOutcome.Unknown>(await scene.Host.WhileTimePassesAsync(scene.ChargeAsync(100, "arrived")));
        scene.Host.Faults.Set(new FaultPlan(ApiDown: true, LoseWebhooks: true));
        var lost = Assert.IsType<ChargeOutcome.Unknown>(await scene.Host.WhileTimePassesAsync(scene.ChargeAsync(30, "never arrived")));
        await scene.Host.DeliverAsync();
        scene.Host.Time.Advance(TimeSpan.FromHours(72));
        scene.Host.Faults.Set(new FaultPlan());

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => scene.Host.Get<Reconciler>().Reconcile(Cancel)));
        await scene.Host.Get<Reconciler>().CatchUp(Cancel);

        Assert.Equal(PaymentStatus.Succeeded, (await scene.PaymentAsync(charged.PaymentId)).Status);
        var never = await scene.PaymentAsync(lost.PaymentId);
        Assert.Equal((PaymentStatus.Failed, "never-arrived"), (never.Status, never.FailureCode));
        Assert.Equal(100, await scene.BalanceAsync());
        Assert.Single((await scene.Host.GetAsync("charges"))["data"]!.AsArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task B16_a_charge_without_an_answer_is_asked_for_again_under_its_own_key_and_made_once(bool arrived)
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.SaveCardAsync();
        scene.Host.Faults.Set(arrived ? new FaultPlan(LoseAnswers: 4) : new FaultPlan(ApiDown: true));
        var unknown = Assert.IsType<ChargeOutcome.Unknown>(await scene.Host.WhileTimePassesAsync(scene.ChargeAsync()));
        Assert.Equal(PaymentStatus.Unknown, (await scene.PaymentAsync(unknown.PaymentId)).Status);
        scene.Host.Faults.Set(new FaultPlan());
        scene.Host.Time.Advance(TimeSpan.FromMinutes(2));

        await scene.Host.Get<Reconciler>().Reconcile(Cancel);
        var again = await scene.ChargeAsync();
        await scene.Host.DeliverAsync();

        Assert.Equal(new ChargeOutcome.Paid(unknown.PaymentId), again);
        Assert.Equal(100, await scene.BalanceAsync());
        Assert.Single((await scene.Host.GetAsync("charges"))["data"]!.AsArray());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_card_that_is_removed_while_the_gateway_is_away_is_not_charged_when_it_is_back(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var card = await scene.SaveCardAsync();
        scene.Host.Faults.Set(new FaultPlan(ApiDown: true));
        var unknown = Assert.IsType<ChargeOutcome.Unknown>(await scene.Host.WhileTimePassesAsync(scene.ChargeAsync()));
        Assert.Null((await scene.Host.WhileTimePassesAsync(scene.Host.Get<CardDesk>().Remove(scene.Customer, card.Id, Cancel))).Refusal);
        scene.Host.Faults.Set(new FaultPlan());
        scene.Host.Time.Advance(TimeSpan.FromMinutes(2));

        await scene.Host.Get<Reconciler>().Reconcile(Cancel);

        Assert.Equal((PaymentStatus.Failed, 0m), ((await scene.PaymentAsync(unknown.PaymentId)).Status, await scene.BalanceAsync()));
        Assert.Empty((await scene.Host.GetAsync("charges"))["data"]!.AsArray());
    }

    [Theory]
    [InlineData(true, PaymentStatus.Succeeded, null, 100)]
    [InlineData(false, PaymentStatus.Failed, "payment_intent_authentication_failure", 0)]
    public async Task A_card_whose_bank_asks_is_confirmed_by_its_holder_or_not_charged(bool confirms, PaymentStatus status, string? code, int balance)
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.SaveCardAsync(AsksAlways);
        var waits = Assert.IsType<ChargeOutcome.NeedsAction>(await scene.ChargeAsync());
        await scene.Host.DeliverAsync();
        Assert.Equal($"billing?confirm={waits.PaymentId}", waits.Page);
        Assert.Equal((PaymentStatus.Pending, waits), ((await scene.PaymentAsync(waits.PaymentId)).Status, await scene.ChargeAsync()));

        var charges = scene.Host.Get<OffSessionCharges>();
        var bank = await charges.Confirm(scene.Customer, waits.PaymentId, scene.Host.Address, Cancel);
        var second = await charges.Confirm(scene.Customer, waits.PaymentId, scene.Host.Address, Cancel);
        var (_, back) = await scene.Host.AuthenticateAsync(bank.Value.AbsolutePath, confirms);
        await scene.Host.DeliverAsync();

        Assert.Equal(bank.Value, second.Value);
        Assert.Equal(new Uri(scene.Host.Address, $"billing?payment={waits.PaymentId}").AbsoluteUri, back);
        var payment = await scene.PaymentAsync(waits.PaymentId);
        Assert.Equal((status, code), (payment.Status, payment.FailureCode));
        Assert.Equal(balance, await scene.BalanceAsync());
    }

    [Fact]
    public async Task F12_webhooks_in_reverse_order_end_in_the_same_state()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.SaveCardAsync(AsksAlways);
        var waits = Assert.IsType<ChargeOutcome.NeedsAction>(await scene.ChargeAsync());
        var bank = await scene.Host.Get<OffSessionCharges>().Confirm(scene.Customer, waits.PaymentId, scene.Host.Address, Cancel);
        await scene.Host.AuthenticateAsync(bank.Value.AbsolutePath, confirm: false);
        scene.Host.Faults.Set(new FaultPlan(Reorder: true, Duplicates: 2));

        await scene.Host.DeliverAsync();

        var payment = await scene.PaymentAsync(waits.PaymentId);
        Assert.Equal((PaymentStatus.Failed, "payment_intent_authentication_failure"), (payment.Status, payment.FailureCode));
        Assert.Equal("visa", Assert.Single(await scene.CardsAsync()).Brand);
    }

    [Fact]
    public async Task Who_does_not_confirm_within_a_day_is_not_charged_later()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.SaveCardAsync(AsksAlways);
        var waits = Assert.IsType<ChargeOutcome.NeedsAction>(await scene.ChargeAsync());
        var charges = scene.Host.Get<OffSessionCharges>();
        var bank = (await charges.Confirm(scene.Customer, waits.PaymentId, scene.Host.Address, Cancel)).Value;
        scene.Host.Time.Advance(TimeSpan.FromHours(25));

        await scene.Host.Get<Reconciler>().Reconcile(Cancel);
        var (late, _) = await scene.Host.AuthenticateAsync(bank.AbsolutePath, confirm: true);
        await scene.Host.DeliverAsync();

        var payment = await scene.PaymentAsync(waits.PaymentId);
        Assert.Equal((PaymentStatus.Failed, "unconfirmed"), (payment.Status, payment.FailureCode));
        Assert.Equal(303, late);
        Assert.Equal(0, await scene.BalanceAsync());
        Assert.Contains("billing?payment=", (await charges.Confirm(scene.Customer, waits.PaymentId, scene.Host.Address, Cancel)).Value.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_peoples_payments_cannot_be_confirmed()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.SaveCardAsync(AsksAlways);
        var waits = Assert.IsType<ChargeOutcome.NeedsAction>(await scene.ChargeAsync());
        var charges = scene.Host.Get<OffSessionCharges>();

        Assert.Equal(Refusal.NotFound, (await charges.Confirm(await scene.OpenAccountAsync(), waits.PaymentId, scene.Host.Address, Cancel)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await charges.Confirm(scene.Customer with { Role = Portal.Data.Accounts.MemberRole.Member }, waits.PaymentId, scene.Host.Address, Cancel)).Refusal);
    }
}
