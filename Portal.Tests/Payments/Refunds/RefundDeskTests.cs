using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Refunds;
using Portal.Payments.Sandbox.Delivery;
using Portal.Payments.Sandbox.Resources;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Refunds;

/// <summary>Rows B16 and B17 of the money bugs, and what bounds a refund.</summary>
public sealed class RefundDeskTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Part_of_a_payment_goes_back_with_a_credit_note(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var payment = await scene.TopUpAsync("100");

        var refund = await scene.RefundAsync(payment.Id, "30.50", reason: " Bought too much ");
        await scene.Host.DeliverAsync();

        Assert.Equal((RefundStatus.Succeeded, 30.50m, "Bought too much"), (refund.Value.Status, refund.Value.Amount.Amount, refund.Value.Reason));
        Assert.Equal(69.50m, await scene.BalanceAsync());
        Assert.Equal(30.50m, new Money((await scene.PaymentAsync(payment.Id)).RefundedNanos).Amount);
        Assert.Equal(["CN-2026-000001 -30", "RCP-2026-000001 100"], await scene.DocumentsAsync());
        Assert.Equal(3050, (await scene.Host.GetAsync("refunds"))["data"]![0]!["amount"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_refund_larger_than_what_is_left_of_the_payment_is_refused()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100");
        await scene.TopUpAsync("500");
        await scene.RefundAsync(payment.Id, "80");

        var refused = await scene.RefundAsync(payment.Id, "20.02");

        Assert.Equal(new Refusal("refund.above-payment", "20.00"), refused.Refusal);
        Assert.Equal(520, await scene.BalanceAsync());
    }

    [Fact]
    public async Task Refund_larger_than_unspent_credit_is_refused()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100");
        await scene.SpendAsync(70.005m);

        var refused = await scene.RefundAsync(payment.Id, "30");
        var rest = await scene.RefundAsync(payment.Id, "29.99");

        Assert.Equal(new Refusal("refund.spent", "29.99"), refused.Refusal);
        Assert.Equal(RefundStatus.Succeeded, rest.Value.Status);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_double_click_is_one_refund(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var payment = await scene.TopUpAsync("100");
        var id = Guid.CreateVersion7();

        var refunds = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.RefundAsync(payment.Id, "40", id)));

        Assert.All(refunds, r => Assert.Equal(id, r.Value.Id));
        Assert.Equal(60, await scene.BalanceAsync());
        Assert.Single((await scene.Host.GetAsync("refunds"))["data"]!.AsArray());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Different_refunds_at_once_never_exceed_the_payment(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var payment = await scene.TopUpAsync("100");

        var refunds = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.RefundAsync(payment.Id, "30")));

        Assert.Equal(3, refunds.Count(r => r.Refusal is null));
        Assert.All(refunds.Where(r => r.Refusal is not null), r => Assert.Equal("refund.above-payment", r.Refusal!.Code));
        Assert.Equal(10, await scene.BalanceAsync());
    }

    [Theory]
    [InlineData("0", "Reason", "money.not-positive")]
    [InlineData("-1", "Reason", "money.not-positive")]
    [InlineData("NaN", "Reason", "money.not-a-number")]
    [InlineData("10", "  ", "refund.reason-missing")]
    public async Task A_wrong_amount_or_no_reason_is_refused(string amount, string reason, string code)
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100");

        Assert.Equal(code, (await scene.RefundAsync(payment.Id, amount, reason: reason)).Refusal?.Code);
        Assert.Equal(100, await scene.BalanceAsync());
    }

    [Fact]
    public async Task Only_staff_refund_and_only_what_exists_and_was_paid()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100");
        await scene.StartAsync("50");
        var unpaid = (await scene.PaymentsAsync()).First(p => p.Status == PaymentStatus.Pending);

        Assert.Equal(Refusal.NotFound, (await scene.RefundAsync(payment.Id, "10", caller: scene.Customer)).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.RefundAsync(Guid.NewGuid(), "10")).Refusal);
        Assert.Equal("refund.not-paid", (await scene.RefundAsync(unpaid.Id, "10")).Refusal?.Code);
    }

    [Fact]
    public async Task The_key_of_another_refund_is_refused()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100");
        var id = Guid.CreateVersion7();
        await scene.RefundAsync(payment.Id, "10", id);

        Assert.Equal("idempotency.mismatch", (await scene.RefundAsync(payment.Id, "20", id)).Refusal?.Code);
    }

    [Fact]
    public async Task B16_a_refund_whose_answers_are_lost_is_unknown_and_paid_once()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100");
        scene.Host.Faults.Set(new FaultPlan(LoseAnswers: 4, WebhooksDown: true));
        var refund = await scene.Host.WhileTimePassesAsync(scene.RefundAsync(payment.Id, "40"));
        scene.Host.Faults.Set(new FaultPlan());
        var unknown = await scene.BalanceAsync();
        scene.Host.Time.Advance(TimeSpan.FromMinutes(2));

        await scene.Host.Get<Reconciler>().Reconcile(TestContext.Current.CancellationToken);

        Assert.Equal((RefundStatus.Unknown, 60), (refund.Value.Status, unknown));
        Assert.Equal(RefundStatus.Succeeded, (await scene.PaymentAsync(payment.Id)).Refunds[0].Status);
        Assert.Equal(60, await scene.BalanceAsync());
        Assert.Single((await scene.Host.GetAsync("refunds"))["data"]!.AsArray());
    }

    [Theory]
    [InlineData(1, RefundStatus.Succeeded, 60)]
    [InlineData(24, RefundStatus.Failed, 100)]
    public async Task A_refund_that_never_reached_the_gateway_is_sent_again_or_given_up(int hoursDown, RefundStatus expected, int balance)
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100");
        scene.Host.Faults.Set(new FaultPlan(ApiDown: true));
        await scene.Host.WhileTimePassesAsync(scene.RefundAsync(payment.Id, "40"));
        scene.Host.Faults.Set(new FaultPlan());
        scene.Host.Time.Advance(TimeSpan.FromHours(hoursDown));

        await scene.Host.Get<Reconciler>().Reconcile(TestContext.Current.CancellationToken);

        Assert.Equal(expected, (await scene.PaymentAsync(payment.Id)).Refunds[0].Status);
        Assert.Equal(balance, await scene.BalanceAsync());
    }

    [Fact]
    public async Task A_refund_that_pends_holds_the_credit_until_the_bank_decides()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100", "4000000000007726");

        var refund = await scene.RefundAsync(payment.Id, "40");
        var (pending, during) = (refund.Value.Status, await scene.BalanceAsync());
        scene.Host.Time.Advance(CardRefundsSettle);
        await scene.Host.DeliverAsync();

        Assert.Equal((RefundStatus.Pending, 60), (pending, during));
        Assert.Equal(RefundStatus.Succeeded, (await scene.PaymentAsync(payment.Id)).Refunds[0].Status);
        Assert.Equal(60, await scene.BalanceAsync());
    }

    [Fact]
    public async Task A_refund_that_the_bank_sends_back_is_the_customers_credit_again()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100", "4000000000005126");
        await scene.RefundAsync(payment.Id, "40");
        await scene.Host.DeliverAsync();
        scene.Host.Time.Advance(CardRefundsSettle);

        await scene.Host.DeliverAsync();

        var refund = (await scene.PaymentAsync(payment.Id)).Refunds[0];
        Assert.Equal((RefundStatus.Failed, "expired_or_canceled_card"), (refund.Status, refund.FailureCode));
        Assert.Equal(100, await scene.BalanceAsync());
        Assert.Equal(0, (await scene.PaymentAsync(payment.Id)).RefundedNanos);
        Assert.Equal(["CN-2026-000001 -40", "CNR-2026-000001 40", "RCP-2026-000001 100"], await scene.DocumentsAsync());
    }

    [Fact]
    public async Task A_disputed_payment_cannot_be_refunded_and_its_credit_is_frozen()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.TopUpAsync("50");
        var disputed = await scene.TopUpAsync("100", "4000000000000259");
        Assert.Equal(50, await scene.BalanceAsync());

        var refund = await scene.RefundAsync(disputed.Id, "40");

        Assert.Equal("refund.disputed", refund.Refusal?.Code);
        Assert.Equal(50, await scene.BalanceAsync());
        Assert.Empty((await scene.PaymentAsync(disputed.Id)).Refunds);
    }

    [Theory]
    [InlineData("winning_evidence", 100, false)]
    [InlineData("losing_evidence", 0, false)]
    [InlineData("winning_evidence", 100, true)]
    [InlineData("losing_evidence", 0, true)]
    public async Task A_dispute_gives_the_credit_back_or_takes_it(string evidence, int balance, bool reverse)
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.PayAsync("100", "4000000000000259");
        if (!reverse) await scene.Host.DeliverAsync();
        var dispute = (await scene.Host.GetAsync("disputes"))["data"]![0]!["id"]!.GetValue<string>();
        await scene.Host.PostAsync("disputes/" + dispute, ("evidence[uncategorized_text]", evidence));
        scene.Host.Faults.Set(new FaultPlan(Reorder: reverse));

        await scene.Host.DeliverAsync();
        await scene.Host.Get<WebhookProcessor>().ProcessLeftovers(TestContext.Current.CancellationToken);

        Assert.Equal(balance, await scene.BalanceAsync());
    }

    private static TimeSpan CardRefundsSettle => Portal.Payments.Sandbox.Resources.Refunds.SettlesAfter;
}
