using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Payments;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Refunds;

public sealed class OwnRefundTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_young_unspent_payment_goes_back_with_one_click_and_once(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var payment = await scene.TopUpAsync("100");
        var (own, id) = (await scene.OwnAsync(payment.Id), Guid.CreateVersion7());

        var refunds = await Task.WhenAll(scene.RefundOwnAsync(payment.Id, 100, id), scene.RefundOwnAsync(payment.Id, 100, id));

        Assert.Equal((100m, (Refusal?)null), (own.Amount.Amount, own.WhyNot));
        Assert.All(refunds, r => Assert.Equal(id, r.Value.Id));
        Assert.Equal(0, await scene.BalanceAsync());
        Assert.Equal("refund.nothing-left", (await scene.OwnAsync(payment.Id)).WhyNot?.Code);
        Assert.Equal("refund.nothing-left", (await scene.RefundOwnAsync(payment.Id, 100)).Refusal?.Code);
        Assert.Single((await scene.Host.GetAsync("refunds"))["data"]!.AsArray());
    }

    [Fact]
    public async Task What_was_spent_was_spent_of_the_oldest_payment()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var older = await scene.TopUpAsync("100");
        scene.Host.Time.Advance(TimeSpan.FromHours(1));
        var newer = await scene.TopUpAsync("50");
        await scene.SpendAsync(0.01m);

        Assert.Equal(new Refusal("refund.own.spent", "100"), (await scene.OwnAsync(older.Id)).WhyNot);
        Assert.Equal("refund.own.spent", (await scene.RefundOwnAsync(older.Id, 99.99m)).Refusal?.Code);
        Assert.Equal(RefundStatus.Succeeded, (await scene.RefundOwnAsync(newer.Id, 50)).Value.Status);
        Assert.Equal(99.99m, await scene.BalanceAsync());
    }

    [Theory]
    [InlineData(14, null)]
    [InlineData(15, "refund.own.too-old")]
    public async Task After_the_window_the_button_says_so(int days, string? code)
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100");
        scene.Host.Time.Advance(TimeSpan.FromDays(days));

        Assert.Equal(code, (await scene.OwnAsync(payment.Id)).WhyNot?.Code);
        Assert.Equal(code, (await scene.RefundOwnAsync(payment.Id, 100)).Refusal?.Code);
    }

    [Fact]
    public async Task A_disputed_payment_a_running_refund_another_amount_and_others_payments_are_refused()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var disputed = await scene.TopUpAsync("100", "4000000000000259");
        var payment = await scene.TopUpAsync("800");
        var student = scene.Customer with { Role = MemberRole.Member };

        Assert.Equal("refund.disputed", (await scene.OwnAsync(disputed.Id)).WhyNot?.Code);
        Assert.Equal(new Refusal("refund.own.changed", "800.00"), (await scene.RefundOwnAsync(payment.Id, 900)).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.RefundOwnAsync(payment.Id, 800, caller: await scene.OpenAccountAsync())).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.RefundOwnAsync(payment.Id, 800, caller: student)).Refusal);
        Assert.Equal(RefundStatus.AwaitingApproval, (await scene.RefundOwnAsync(payment.Id, 800)).Value.Status);
        Assert.Equal("refund.own.running", (await scene.RefundOwnAsync(payment.Id, 800)).Refusal?.Code);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F9_a_refund_and_spending_at_once_never_use_the_same_credit(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var payment = await scene.TopUpAsync("100");

        var refund = scene.RefundOwnAsync(payment.Id, 100);
        var spends = Enumerable.Range(0, 5).Select(_ => scene.TrySpendAsync(60)).ToList();
        var (refunded, spent) = ((await refund).Refusal is null, (await Task.WhenAll(spends)).Count(done => done));

        Assert.True(refunded ? spent == 0 : spent == 1);
        Assert.Equal(refunded ? 0 : 40, await scene.BalanceAsync());
    }
}
