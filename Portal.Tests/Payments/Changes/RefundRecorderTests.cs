using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Sandbox.Resources;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Changes;

/// <summary>Refunds that somebody made in the gateway's own dashboard: the sandbox is asked for them directly, the portal only hears of them.</summary>
public sealed class RefundRecorderTests
{
    private const string PendingCard = "4000000000007726";
    private const string BouncingCard = "4000000000005126";

    private static readonly TimeSpan CardRefundsSettle = TimeSpan.FromDays(1);

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_refund_made_at_the_gateway_takes_its_credit_back_once_with_a_credit_note(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var payment = await scene.TopUpAsync("100");

        var id = await RefundElsewhere(scene, payment, "4000");
        await scene.Host.DeliverAsync();
        await scene.Host.Get<Reconciler>().CatchUp(TestContext.Current.CancellationToken);

        Assert.Equal(60, await scene.BalanceAsync());
        var refund = Assert.Single((await scene.PaymentAsync(payment.Id)).Refunds);
        Assert.Equal((RefundStatus.Succeeded, id, 40m), (refund.Status, refund.GatewayId, new Money(refund.AmountNanos).Amount));
        Assert.Equal(["CN-2026-000001 -40", "RCP-2026-000001 100"], await scene.DocumentsAsync());
        Assert.Equal(60, (await scene.RefundAsync(payment.Id, "60")).Value.Amount.Amount);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Credit_that_was_spent_before_is_written_off_where_support_sees_it(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var payment = await scene.TopUpAsync("100");
        await scene.SpendAsync(80);

        await RefundElsewhere(scene, payment, "5000");
        await scene.Host.DeliverAsync();

        Assert.Equal(0, await scene.BalanceAsync());
        Assert.Equal(50, new Money((await scene.PaymentAsync(payment.Id)).RefundedNanos).Amount);
        Assert.Equal(30, (await Differences(scene)).Sum());
        Assert.Equal(["CN-2026-000001 -50", "RCP-2026-000001 100"], await scene.DocumentsAsync());
    }

    [Fact]
    public async Task One_that_takes_what_waits_for_a_second_person_overtakes_it()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("800");
        var waits = (await scene.RefundAsync(payment.Id, "600")).Value;

        await RefundElsewhere(scene, payment, "80000");
        await scene.Host.DeliverAsync();

        Assert.Equal(0, await scene.BalanceAsync());
        Assert.Equal([RefundStatus.Rejected, RefundStatus.Succeeded], (await scene.PaymentAsync(payment.Id)).Refunds.OrderBy(r => r.Id != waits.Id).Select(r => r.Status));
    }

    [Fact]
    public async Task One_that_comes_back_gives_back_what_it_took_and_no_more()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100", BouncingCard);
        await scene.SpendAsync(80);
        await RefundElsewhere(scene, payment, "5000");
        await scene.Host.DeliverAsync();
        scene.Host.Time.Advance(CardRefundsSettle);

        await scene.Host.DeliverAsync();

        Assert.Equal(20, await scene.BalanceAsync());
        Assert.Equal(0, (await scene.PaymentAsync(payment.Id)).RefundedNanos);
        Assert.Equal(["CN-2026-000001 -50", "CNR-2026-000001 50", "RCP-2026-000001 100"], await scene.DocumentsAsync());
    }

    [Fact]
    public async Task One_that_pends_is_asked_after_and_never_asked_for_again()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100", PendingCard);
        await RefundElsewhere(scene, payment, "4000");
        await scene.Host.DeliverAsync();
        scene.Host.Time.Advance(TimeSpan.FromMinutes(2));

        await scene.Host.Get<Reconciler>().Reconcile(TestContext.Current.CancellationToken);

        Assert.Equal((60, RefundStatus.Pending), (await scene.BalanceAsync(), (await scene.PaymentAsync(payment.Id)).Refunds[0].Status));
        Assert.Single((await scene.Host.GetAsync("refunds"))["data"]!.AsArray());
        scene.Host.Time.Advance(CardRefundsSettle);
        await scene.Host.DeliverAsync();
        Assert.Equal(RefundStatus.Succeeded, (await scene.PaymentAsync(payment.Id)).Refunds[0].Status);
    }

    private static async Task<string> RefundElsewhere(PaymentScene scene, Payment payment, string minor) =>
        (await scene.Host.PostAsync("refunds", ("payment_intent", payment.PaymentIntentId!), ("amount", minor)))["id"]!.GetValue<string>();

    /// <summary>As the customer's file at the desk lists them.</summary>
    private static async Task<IEnumerable<decimal>> Differences(PaymentScene scene) =>
        (await scene.Host.Get<WalletReader>().History(scene.Customer.AccountId, 50)).Where(t => t.Code == "refund.difference").Select(t => new Money(t.Amount).Amount);
}
