using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Changes;
using Portal.Payments.Disputes;
using Portal.Payments.Refunds;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Disputes;

/// <summary>What a lost dispute took beyond the credit that is left is owed; the scene proves the books after each test.</summary>
public sealed class DisputeDebtTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_was_spent_of_a_lost_payment_is_owed_once_and_top_ups_pay_it_exactly(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var payment = await scene.TopUpAsync("100");
        await scene.SpendAsync(70.25m);
        await TellAsync(scene, payment, DisputeStatus.NeedsResponse);
        Assert.Equal(0m, await OwedAsync(scene));

        // Heard twice, and then the contrary: an end that was heard stays.
        await TellAsync(scene, payment, DisputeStatus.Lost);
        await TellAsync(scene, payment, DisputeStatus.Lost);
        await TellAsync(scene, payment, DisputeStatus.Won);
        Assert.Equal((70.25m, 0m), (await OwedAsync(scene), await scene.BalanceAsync()));
        Assert.False(await scene.TrySpendAsync(0.01m));

        await scene.TopUpAsync("50");
        Assert.Equal((20.25m, 0m), (await OwedAsync(scene), await scene.BalanceAsync()));

        var last = await scene.TopUpAsync("100");
        await scene.Host.DeliverAsync();
        Assert.Equal((0m, 79.75m), (await OwedAsync(scene), await scene.BalanceAsync()));
        Assert.Equal(new Refusal("refund.spent", "79.75"), (await scene.RefundAsync(last.Id, "79.76")).Refusal);
    }

    [Theory]
    [InlineData(DisputeStatus.Won, 60, 0)]
    [InlineData(DisputeStatus.Lost, 0, 0)]
    public async Task A_dispute_that_is_won_leaves_nothing_owing_and_a_lost_one_takes_credit_that_came_since(DisputeStatus end, int balance, int owed)
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("60");
        await scene.SpendAsync(60);
        await TellAsync(scene, payment, DisputeStatus.NeedsResponse);
        await scene.TopUpAsync("60");

        await TellAsync(scene, payment, end);

        Assert.Equal((balance, owed), (await scene.BalanceAsync(), await OwedAsync(scene)));
    }

    [Fact]
    public async Task Credit_that_another_dispute_gives_back_pays_what_is_owed()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var (spent, kept) = (await scene.TopUpAsync("100"), await Spent(scene, 100));
        await TellAsync(scene, kept, DisputeStatus.NeedsResponse);
        await TellAsync(scene, spent, DisputeStatus.Lost);
        Assert.Equal(100m, await OwedAsync(scene));

        await TellAsync(scene, kept, DisputeStatus.Won);

        Assert.Equal((40m, 0m), (await OwedAsync(scene), await scene.BalanceAsync()));

        static async Task<Payment> Spent(PaymentScene scene, decimal amount)
        {
            await scene.SpendAsync(amount);
            return await scene.TopUpAsync("60");
        }
    }

    [Fact]
    public async Task It_is_paid_before_what_is_owed_on_account_and_a_renewal_keeps_its_money()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var (account, ledger) = (scene.Customer.AccountId, scene.Host.Get<LedgerWriter>());
        await scene.SaveCardAsync();
        var payment = await scene.TopUpAsync("100");
        await scene.SpendAsync(100);
        Assert.Null((await ledger.Apply(new SetPostpaidLimit(account, Money.FromAmount(90).Nanos), Cancel)).Refusal);
        Assert.Null((await ledger.Apply(
            new Draw(account, "owe", "owe", "spent", Unit.Money, Money.FromAmount(60).Nanos, [LedgerCodes.Postpaid], new AccountRef(LedgerCodes.RevenuePlan, Unit.Money)), Cancel)).Refusal);
        await TellAsync(scene, payment, DisputeStatus.Lost);

        await scene.ChargeAsync(25);
        await scene.Host.DeliverAsync();
        Assert.Equal((100m, 25m, -60m), (await OwedAsync(scene), await PurchasedAsync(scene), await PostpaidAsync(scene)));

        await scene.SpendAsync(25);
        await scene.TopUpAsync("130");
        Assert.Equal((0m, 0m, -30m), (await OwedAsync(scene), await PurchasedAsync(scene), await PostpaidAsync(scene)));
    }

    [Fact]
    public async Task A_refund_that_waits_for_a_second_person_does_not_go_out_past_the_debt_and_pays_it_when_it_is_rejected()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var (spent, second) = (await scene.TopUpAsync("100"), await scene.HireAsync());
        await scene.SpendAsync(100);
        var big = await scene.TopUpAsync("800");
        var waits = (await scene.RefundAsync(big.Id, "800")).Value;
        await TellAsync(scene, spent, DisputeStatus.Lost);
        var approvals = scene.Host.Get<RefundApprovals>();

        Assert.Equal(new Refusal("refund.owed", "100.00"), (await approvals.Approve(second, waits.Id, Cancel)).Refusal);
        Assert.Equal((100m, 0m), (await OwedAsync(scene), await scene.BalanceAsync()));
        Assert.Null((await approvals.Reject(second, waits.Id, "Owes us", Cancel)).Refusal);

        Assert.Equal((0m, 700m), (await OwedAsync(scene), await scene.BalanceAsync()));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_a_refund_of_the_disputed_payment_holds_for_a_second_person_is_frozen_and_never_free(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var payment = await scene.TopUpAsync("800");
        var waits = (await scene.RefundAsync(payment.Id, "600")).Value;

        await TellAsync(scene, payment, DisputeStatus.NeedsResponse);
        scene.Host.Time.Advance(TimeSpan.FromDays(30));
        await scene.Host.Get<RefundApprovals>().Lapse(Cancel);

        Assert.Equal((RefundStatus.Rejected, 0m), ((await scene.PaymentAsync(payment.Id)).Refunds.Single(r => r.Id == waits.Id).Status, await scene.BalanceAsync()));
        await TellAsync(scene, payment, DisputeStatus.Lost);
        Assert.Equal((0m, 0m), (await OwedAsync(scene), await scene.BalanceAsync()));
    }

    [Fact]
    public async Task Those_who_pay_are_told_once_what_is_owed()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100");
        await scene.SpendAsync(70);
        await TellAsync(scene, payment, DisputeStatus.Lost);

        await scene.Host.Get<DisputeAlerts>().Run(Cancel);
        await scene.Host.Get<DisputeAlerts>().Run(Cancel);

        await using var db = scene.Host.Database.Open();
        Assert.Equal("¥70.00 is owed after a lost dispute", (await db.OutboxMails.SingleAsync(Cancel)).Subject);
    }

    private static async Task TellAsync(PaymentScene scene, Payment payment, DisputeStatus status) => Assert.Null(await PaymentRecorder.Write(
        scene.Host.Get<LedgerWriter>(), payment.AccountId, payment.Id,
        new PaymentChange.Disputed($"dp_{payment.Id:N}", new Money(payment.AmountNanos).ToMinorUnits(), "fraudulent", status, null), Cancel));

    private static async Task<decimal> OwedAsync(PaymentScene scene) => (await scene.Host.Get<PaymentHistory>().Owed(scene.Customer, Cancel)).Amount;

    private static async Task<decimal> PurchasedAsync(PaymentScene scene) => (await scene.Host.Get<WalletReader>().Read(scene.Customer.AccountId, Cancel)).Purchased.Amount;

    private static async Task<decimal> PostpaidAsync(PaymentScene scene) =>
        new Money((await scene.Host.Get<WalletReader>().Read(scene.Customer.AccountId, Cancel)).Accounts.Where(a => a.Code == LedgerCodes.Postpaid).Sum(a => a.Balance)).Amount;
}
