using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments;

/// <summary>What is owed on account is paid before anything can be spent.</summary>
public sealed class DebtFirstTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_top_up_pays_what_is_owed_and_only_the_rest_can_be_spent_or_refunded(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        await OweAsync(scene, limit: 100, owed: 60);

        var payment = await scene.TopUpAsync("100");

        var wallet = await scene.Host.Get<WalletReader>().Read(scene.Customer.AccountId);
        Assert.Equal((PaymentStatus.Succeeded, 40m, 140m), (payment.Status, wallet.Purchased.Amount, wallet.Spendable.Amount));
        Assert.Equal(0, wallet.Accounts.Single(a => a.Code == LedgerCodes.Postpaid).Balance);
        Assert.Equal(new Refusal("refund.spent", "40.00"), (await scene.RefundAsync(payment.Id, "40.01")).Refusal);
    }

    [Fact]
    public async Task A_top_up_that_is_smaller_than_the_debt_lowers_it_and_a_webhook_that_comes_again_lowers_nothing()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await OweAsync(scene, limit: 100, owed: 60);

        await scene.TopUpAsync("50");
        await scene.Host.DeliverAsync();

        var wallet = await scene.Host.Get<WalletReader>().Read(scene.Customer.AccountId);
        Assert.Equal((0m, 90m), (wallet.Purchased.Amount, wallet.Spendable.Amount));
    }

    [Fact]
    public async Task What_the_account_owes_does_not_go_back_to_a_card()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("100");
        await OweAsync(scene, limit: 100, owed: 60);

        var all = await scene.RefundAsync(payment.Id, "100");
        var own = await scene.OwnAsync(payment.Id);
        var rest = await scene.RefundAsync(payment.Id, "40");

        Assert.Equal(("refund.spent", "refund.own.spent"), (all.Refusal?.Code, own.WhyNot?.Code));
        Assert.Null(rest.Refusal);
        Assert.Equal("refund.spent", (await scene.RefundAsync(payment.Id, "0.01")).Refusal?.Code);
    }

    private static async Task OweAsync(PaymentScene scene, decimal limit, decimal owed)
    {
        var (account, ledger) = (scene.Customer.AccountId, scene.Host.Get<LedgerWriter>());
        Assert.Null((await ledger.Apply(new SetPostpaidLimit(account, Money.FromAmount(limit).Nanos))).Refusal);
        Assert.Null((await ledger.Apply(new Draw(
            account, "owe", "owe", "spent", Unit.Money, Money.FromAmount(owed).Nanos, [LedgerCodes.Postpaid], new AccountRef(LedgerCodes.RevenuePlan, Unit.Money)))).Refusal);
    }
}
