using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Changes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Bonuses;

/// <summary>A bonus shares its payment's fate; the scene proves the books after each test.</summary>
public sealed class BonusFateTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task It_comes_with_the_payment_once_and_as_it_was_promised(DatabaseProvider provider)
    {
        await using var scene = await CreateAsync(provider);
        var payment = await scene.PayAsync("2000");
        await using (var db = scene.Host.Database.Open())
        {
            // The price list changes between the promise and the payment.
            var card = await db.RateCards.SingleAsync(TestContext.Current.CancellationToken);
            card.TopUpBonus.Clear();
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await scene.Host.DeliverAsync();
        await scene.Host.DeliverAsync();

        Assert.Equal(2_200m, await scene.BalanceAsync());
        Assert.Equal(200m, new Money((await scene.PaymentAsync(payment.Id)).BonusNanos).Amount);
    }

    [Fact]
    public async Task A_payment_that_fails_brings_none()
    {
        await using var scene = await CreateAsync();
        await scene.PayAsync("2000", "4000000000000002");
        await scene.Host.DeliverAsync();

        Assert.Equal(0m, await scene.BalanceAsync());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B15_Whoever_spends_the_bonus_gets_so_much_less_back(DatabaseProvider provider)
    {
        await using var scene = await CreateAsync(provider);
        var payment = await scene.TopUpAsync("2000");
        await BurnAsync(scene, 200);

        Assert.Equal(new Refusal("refund.spent", "1800.00"), (await scene.RefundAsync(payment.Id, "1800.01")).Refusal);
        Assert.Null((await scene.RefundAsync(payment.Id, "1800")).Refusal);
        await scene.Host.DeliverAsync();

        // 2,000 paid, 200 used at full value, 1,800 back: what is left of the payment is worth its own bonus, which was used up.
        Assert.Equal(20m, await scene.BalanceAsync());
        var refund = (await scene.PaymentAsync(payment.Id)).Refunds.Single();
        Assert.Equal((0m, 180m), (new Money(refund.BonusNanos).Amount, new Money(refund.BonusSpentNanos).Amount));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_partial_refund_takes_its_part_of_the_bonus_and_gives_it_again_when_it_fails(DatabaseProvider provider)
    {
        await using var scene = await CreateAsync(provider);
        var payment = await scene.TopUpAsync("500");
        Assert.Equal(525m, await scene.BalanceAsync());

        Assert.Null((await scene.RefundAsync(payment.Id, "100")).Refusal);
        await scene.Host.DeliverAsync();
        Assert.Equal(420m, await scene.BalanceAsync());

        Assert.Null((await scene.RefundAsync(payment.Id, "400")).Refusal);
        await scene.Host.DeliverAsync();
        Assert.Equal(0m, await scene.BalanceAsync());
    }

    [Theory]
    [InlineData("winning_evidence", 2_200)]
    [InlineData("losing_evidence", 0)]
    public async Task A_dispute_freezes_it_too_and_its_end_gives_it_back_or_takes_it(string evidence, int balance)
    {
        await using var scene = await CreateAsync();
        await scene.TopUpAsync("2000", "4000000000000259");
        Assert.Equal(0m, await scene.BalanceAsync());
        var dispute = (await scene.Host.GetAsync("disputes"))["data"]![0]!["id"]!.GetValue<string>();

        await scene.Host.PostAsync("disputes/" + dispute, ("evidence[uncategorized_text]", evidence));
        await scene.Host.DeliverAsync();

        Assert.Equal(balance, await scene.BalanceAsync());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_was_spent_of_the_bonus_is_frozen_and_lost_with_its_payment_and_exactly_given_back_when_it_is_won(DatabaseProvider provider)
    {
        await using var scene = await CreateAsync(provider);
        foreach (var (status, balance) in ((DisputeStatus, decimal)[])[(DisputeStatus.Won, 2_300m), (DisputeStatus.Lost, 100m)])
        {
            var payment = await scene.TopUpAsync("2000");
            if (status == DisputeStatus.Won) await scene.TopUpAsync("300");
            if (status == DisputeStatus.Lost) await BurnAsync(scene, 2_000);
            await BurnAsync(scene, 200);

            await TellAsync(scene, payment, DisputeStatus.NeedsResponse);
            var frozen = await scene.BalanceAsync();
            await TellAsync(scene, payment, status);

            Assert.Equal((100m, balance), (frozen, await scene.BalanceAsync()));
        }
    }

    [Fact]
    public async Task A_lost_dispute_leaves_what_was_spent_of_the_bonus_owing_too()
    {
        await using var scene = await CreateAsync();
        var payment = await scene.TopUpAsync("2000");
        await BurnAsync(scene, 2_150);

        await TellAsync(scene, payment, DisputeStatus.Lost);
        Assert.Equal((0m, 2_150m), (await scene.BalanceAsync(), (await scene.Host.Get<PaymentHistory>().Owed(scene.Customer, TestContext.Current.CancellationToken)).Amount));
    }

    [Fact]
    public async Task A_refund_that_the_gateway_did_not_take_gives_its_part_again()
    {
        await using var scene = await CreateAsync();
        var payment = await scene.TopUpAsync("500", "4000000000005126");
        Assert.Null((await scene.RefundAsync(payment.Id, "100")).Refusal);
        Assert.Equal(420m, await scene.BalanceAsync());

        scene.Host.Time.Advance(TimeSpan.FromDays(1));
        await scene.Host.DeliverAsync();
        await scene.Host.Get<Reconciler>().Reconcile(TestContext.Current.CancellationToken);

        Assert.Equal(525m, await scene.BalanceAsync());
    }

    private static async Task<PaymentScene> CreateAsync(DatabaseProvider provider = DatabaseProvider.Sqlite)
    {
        var scene = await PaymentScene.CreateAsync(provider);
        await new CatalogLoader(scene.Host.Database.Factory, scene.Host.Time).Load(TestContext.Current.CancellationToken);
        return scene;
    }

    private static async Task TellAsync(PaymentScene scene, Payment payment, DisputeStatus status) => Assert.Null(await PaymentRecorder.Write(
        scene.Host.Get<LedgerWriter>(), payment.AccountId, payment.Id,
        new PaymentChange.Disputed($"dp_{payment.Id:N}", new Money(payment.AmountNanos).ToMinorUnits(), "fraudulent", status, null), TestContext.Current.CancellationToken));

    /// <summary>Spends as prompts do: what was granted first.</summary>
    private static async Task BurnAsync(PaymentScene scene, decimal amount)
    {
        var key = $"{Guid.NewGuid():N}";
        Assert.Null((await scene.Host.Get<LedgerWriter>().Apply(new Draw(
            scene.Customer.AccountId, key, key, "spent", Unit.Money, Money.FromAmount(amount).Nanos, [LedgerCodes.CreditGranted, LedgerCodes.CreditPurchased],
            new AccountRef(LedgerCodes.RevenuePlan, Unit.Money)))).Refusal);
    }
}
