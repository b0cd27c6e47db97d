using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Sandbox.Delivery;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments;

public sealed class TopUpsTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_paid_top_up_is_credited_with_a_receipt(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);

        var payment = await scene.TopUpAsync("99.50");

        Assert.Equal((PaymentStatus.Succeeded, "visa", "4242"), (payment.Status, payment.CardBrand, payment.CardLast4));
        Assert.Equal(99.50m, await scene.BalanceAsync());
        Assert.Equal(["RCP-2026-000001 99"], await scene.DocumentsAsync());
    }

    [Theory]
    [InlineData("0", "money.not-positive")]
    [InlineData("-100", "money.not-positive")]
    [InlineData("NaN", "money.not-a-number")]
    [InlineData("", "money.not-a-number")]
    [InlineData("10.005", "money.decimals")]
    [InlineData("1e30", "money.not-a-number")]
    [InlineData("$10", "money.not-a-number")]
    [InlineData("0.99", "topup.too-small")]
    [InlineData("50000.01", "topup.too-large")]
    [InlineData("99999999999999999999", "money.too-large")]
    public async Task A_wrong_amount_is_refused_and_leaves_no_payment(string amount, string code)
    {
        await using var scene = await PaymentScene.CreateAsync();

        var started = await scene.StartAsync(amount);

        Assert.Equal(code, started.Refusal?.Code);
        Assert.Empty(await scene.PaymentsAsync());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("50000")]
    public async Task The_limits_themselves_are_allowed(string amount)
    {
        await using var scene = await PaymentScene.CreateAsync();

        Assert.Null((await scene.StartAsync(amount)).Refusal);
    }

    [Fact]
    public async Task Whoever_leaves_many_pages_unpaid_is_given_no_more_of_them_until_some_are_over()
    {
        await using var scene = await PaymentScene.CreateAsync();
        for (var page = 0; page < TopUps.OpenMax; page++) Assert.Null((await scene.StartAsync("100", $"form-{page}")).Refusal);

        Assert.Equal(new Refusal("topup.open", "20"), (await scene.StartAsync("100")).Refusal);
        Assert.Null((await scene.StartAsync("100", "form-0")).Refusal);
        Assert.Null((await scene.StartAsync("100", caller: await scene.OpenAccountAsync())).Refusal);
        scene.Host.Time.Advance(TimeSpan.FromHours(25));
        await scene.Host.DeliverAsync();
        Assert.Null((await scene.StartAsync("100")).Refusal);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_double_click_is_one_payment_and_one_page(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);

        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.StartAsync("100", "form-1")));

        Assert.Single(started.Select(s => s.Value).Distinct());
        Assert.Single(await scene.PaymentsAsync());
    }

    [Fact]
    public async Task The_same_form_with_another_amount_is_refused()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.StartAsync("100", "form-1");

        Assert.Equal("idempotency.mismatch", (await scene.StartAsync("200", "form-1")).Refusal?.Code);
    }

    [Fact]
    public async Task A_form_whose_payment_is_over_does_not_pay_again()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var url = (await scene.StartAsync("100", "form-1")).Value;
        await scene.Host.PayAsync(url.Segments[^1], "4242424242424242");
        await scene.Host.DeliverAsync();

        Assert.Equal("topup.over", (await scene.StartAsync("100", "form-1")).Refusal?.Code);
    }

    [Fact]
    public async Task Two_accounts_may_use_the_same_form_key()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var first = await scene.StartAsync("100", "form-1");

        var other = await scene.StartAsync("100", "form-1", await scene.OpenAccountAsync());

        Assert.NotEqual(first.Value, other.Value);
    }

    [Theory]
    [InlineData(MemberRole.Member, false)]
    [InlineData(MemberRole.BillingAdmin, true)]
    [InlineData(MemberRole.Owner, true)]
    public async Task Only_who_manages_the_billing_may_top_up(MemberRole role, bool allowed)
    {
        await using var scene = await PaymentScene.CreateAsync();

        var started = await scene.StartAsync("100", caller: scene.Customer with { Role = role });

        Assert.Equal(allowed ? null : Refusal.Forbidden, started.Refusal);
    }

    [Theory]
    [InlineData("4000000000000002", "generic_decline")]
    [InlineData("4000000000009995", "insufficient_funds")]
    [InlineData("4000000000000069", "expired_card")]
    [InlineData("4000000000000127", "incorrect_cvc")]
    [InlineData("4000000000000119", "processing_error")]
    public async Task A_decline_credits_nothing_and_its_reason_is_kept(string card, string reason)
    {
        await using var scene = await PaymentScene.CreateAsync();

        var payment = await scene.TopUpAsync("100", card);

        Assert.Equal((PaymentStatus.Pending, reason), (payment.Status, payment.FailureCode));
        Assert.Equal(0, await scene.BalanceAsync());
        Assert.Empty(await scene.DocumentsAsync());
    }

    [Fact]
    public async Task A_payment_page_that_was_left_can_be_taken_up_again_and_ends_after_a_day()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var url = (await scene.StartAsync("100")).Value;
        var history = scene.Host.Get<PaymentHistory>();
        var payment = (await scene.PaymentsAsync())[0];

        var open = await history.Find(scene.Customer, payment.Id, TestContext.Current.CancellationToken);
        scene.Host.Time.Advance(TimeSpan.FromHours(25));
        await scene.Host.DeliverAsync();
        var over = await history.Find(scene.Customer, payment.Id, TestContext.Current.CancellationToken);

        Assert.Equal(url, open.Value.ContinueAt);
        Assert.Equal((PaymentStatus.Failed, "canceled", null), (over.Value.Status, over.Value.FailureCode, over.Value.ContinueAt));
    }

    [Fact]
    public async Task While_the_gateway_is_down_nothing_is_charged_and_the_same_form_works_later()
    {
        await using var scene = await PaymentScene.CreateAsync();
        scene.Host.Faults.Set(new FaultPlan(ApiDown: true));
        var down = await scene.Host.WhileTimePassesAsync(scene.StartAsync("100", "form-1"));
        scene.Host.Faults.Set(new FaultPlan());
        var during = Assert.Single(await scene.PaymentsAsync()).Status;

        var up = await scene.StartAsync("100", "form-1");

        Assert.Equal("topup.gateway-unreachable", down.Refusal?.Code);
        Assert.Null(up.Refusal);
        Assert.Equal((PaymentStatus.Unknown, PaymentStatus.Pending), (during, Assert.Single(await scene.PaymentsAsync()).Status));
    }

    [Fact]
    public async Task An_answer_that_is_lost_on_the_way_leads_to_the_same_page()
    {
        await using var scene = await PaymentScene.CreateAsync();
        scene.Host.Faults.Set(new FaultPlan(LoseAnswers: 2));

        var started = await scene.Host.WhileTimePassesAsync(scene.StartAsync("100"));

        Assert.Null(started.Refusal);
        Assert.Single((await scene.Host.GetAsync("checkout/sessions"))["data"]!.AsArray());
    }

    [Fact]
    public async Task Other_peoples_payments_are_not_found()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync();
        var (history, other) = (scene.Host.Get<PaymentHistory>(), await scene.OpenAccountAsync());
        var ct = TestContext.Current.CancellationToken;

        Assert.Equal(Refusal.NotFound, (await history.Find(other, payment.Id, ct)).Refusal);
        Assert.Equal(Refusal.NotFound, (await history.Read(other, scene.Customer.AccountId, 10, ct)).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Host.Get<Reconciler>().Check(other, payment.Id, ct)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await history.Read(scene.Customer with { Role = MemberRole.Member }, scene.Customer.AccountId, 10, ct)).Refusal);
        Assert.Single((await history.Read(scene.Staff, scene.Customer.AccountId, 10, ct)).Value);
        Assert.Single((await history.ReadOwn(scene.Customer, 10, ct)).Value);
        Assert.Equal(Refusal.Forbidden, (await history.ReadOwn(scene.Customer with { Role = MemberRole.Member, IsSupport = true }, 10, ct)).Refusal);
    }
}
