using Microsoft.EntityFrameworkCore;
using Portal.Billing.Coupons;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Coupons;

public sealed class CouponRedeemerTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B18_Of_many_people_who_redeem_the_last_one_at_once_exactly_one_does(DatabaseProvider provider)
    {
        await using var scene = await CouponScene.CreateAsync(provider);
        await scene.MakeAsync(scene.Credit("LAUNCH") with { LimitTotal = 3 });
        var people = new List<Caller>();
        for (var i = 0; i < 24; i++) people.Add(await scene.Billing.OpenAccountAsync());
        Assert.Null((await scene.RedeemAsync(people[0], "LAUNCH")).Refusal);
        Assert.Null((await scene.RedeemAsync(people[1], "LAUNCH")).Refusal);

        var outcomes = await Task.WhenAll(people.Skip(2).Select(p => Task.Run(() => scene.RedeemAsync(p, "LAUNCH"))));

        Assert.Single(outcomes, o => o.Refusal is null);
        Assert.All(outcomes.Where(o => o.Refusal is not null), o => Assert.Equal("coupon.used-up", o.Refusal!.Code));
        await using var db = scene.Billing.Open();
        Assert.Equal((3, 3), ((await db.Coupons.SingleAsync()).Redeemed, await db.CouponRedemptions.CountAsync()));
        Assert.Equal(3, await db.LedgerAccounts.CountAsync(a => a.Code == LedgerCodes.CreditGranted && a.Balance == 10 * Money.NanosPerUnit));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B18_One_person_who_redeems_twice_at_once_gets_it_once(DatabaseProvider provider)
    {
        await using var scene = await CouponScene.CreateAsync(provider);
        await scene.MakeAsync(scene.Credit("LAUNCH"));
        var ada = await scene.Billing.OpenAccountAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => scene.RedeemAsync(ada, "launch"))));

        Assert.Single(outcomes, o => o.Refusal is null);
        Assert.All(outcomes.Where(o => o.Refusal is not null), o => Assert.Equal("coupon.redeemed", o.Refusal!.Code));
        Assert.Equal("10.00", (await scene.Billing.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B18_One_person_with_two_accounts_gets_it_once(DatabaseProvider provider)
    {
        await using var scene = await CouponScene.CreateAsync(provider);
        await scene.MakeAsync(scene.Credit("LAUNCH"));
        var ada = await scene.Billing.OpenAccountAsync();
        var school = await scene.Billing.OpenAccountAsync(AccountKind.Organisation) with { PersonId = ada.PersonId };

        var outcomes = await Task.WhenAll(new[] { ada, school }.Select(c => Task.Run(() => scene.RedeemAsync(c, "LAUNCH"))));

        Assert.Equal("coupon.redeemed", Assert.Single(outcomes, o => o.Refusal is not null).Refusal!.Code);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_double_click_is_one_redemption_though_the_code_allows_two(DatabaseProvider provider)
    {
        await using var scene = await CouponScene.CreateAsync(provider);
        await scene.MakeAsync(scene.Credit("LAUNCH") with { LimitEach = 2 });
        var ada = await scene.Billing.OpenAccountAsync();
        var form = Guid.NewGuid();

        var clicks = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => scene.RedeemAsync(ada, "LAUNCH", form))));

        Assert.Single(clicks.Select(c => c.Value).Distinct());
        Assert.Equal("idempotency.mismatch", (await scene.RedeemAsync(ada, "OTHER", form)).Refusal?.Code);
        Assert.Null((await scene.RedeemAsync(ada, "LAUNCH")).Refusal);
        Assert.Equal("coupon.redeemed", (await scene.RedeemAsync(ada, "LAUNCH")).Refusal?.Code);
        Assert.Equal("20.00", (await scene.Billing.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
    }

    [Fact]
    public async Task The_credit_is_spent_first_and_expires()
    {
        await using var scene = await CouponScene.CreateAsync();
        await scene.MakeAsync(scene.Credit("LAUNCH", 120));
        var ada = await scene.Billing.OpenAccountAsync(credit: 50);

        var redeemed = (await scene.RedeemAsync(ada, " lau nch ")).Value;
        Assert.Null((await scene.Billing.ChooseAsync(ada, "image-basic")).Refusal);

        Assert.Equal(("120.00", scene.Billing.Time.GetUtcNow().AddDays(30)), (redeemed.Amount.ToTwoDecimals(), redeemed.Until));
        Assert.Equal("21.00", (await scene.Redeemer.Active(ada)).Value.Single().Left.ToTwoDecimals());
        scene.Billing.Time.Advance(TimeSpan.FromDays(30));
        Assert.Empty((await scene.Redeemer.Active(ada)).Value);
        Assert.Equal("50.00", (await scene.Billing.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
        await scene.Billing.ExpireAsync();
    }

    [Fact]
    public async Task A_code_that_cannot_be_redeemed_says_why_and_gives_nothing()
    {
        await using var scene = await CouponScene.CreateAsync();
        var tomorrow = scene.Today.AddDays(1);
        await scene.MakeAsync(scene.Credit("SOON") with { FirstDay = tomorrow }, scene.Credit("TODAY") with { LastDay = scene.Today }, scene.Credit("ENDED"));
        Assert.Null((await scene.Desk.End(scene.Administrator, (await scene.Desk.List(scene.Administrator)).Value.Single(c => c.Coupon.Code == "ENDED").Coupon.Id)).Refusal);
        var ada = await scene.Billing.OpenAccountAsync();
        var student = await scene.Billing.JoinAsync(ada, MemberRole.Member);

        Assert.Equal("coupon.empty", (await scene.RedeemAsync(ada, " \t")).Refusal?.Code);
        Assert.Equal("coupon.unknown", (await scene.RedeemAsync(ada, "'; DROP TABLE")).Refusal?.Code);
        Assert.Equal("coupon.unknown", (await scene.RedeemAsync(ada, "NOTHING")).Refusal?.Code);
        Assert.Equal(new Refusal("coupon.not-yet", $"{tomorrow:yyyy-MM-dd}"), (await scene.RedeemAsync(ada, "SOON")).Refusal);
        Assert.Equal("coupon.over", (await scene.RedeemAsync(ada, "ENDED")).Refusal?.Code);
        Assert.Equal(Refusal.Forbidden, (await scene.RedeemAsync(student, "TODAY")).Refusal);

        scene.Billing.Time.Advance(TimeSpan.FromHours(12));
        Assert.Equal("coupon.over", (await scene.RedeemAsync(ada, "TODAY")).Refusal?.Code);
        Assert.Null((await scene.RedeemAsync(ada, "SOON")).Refusal);
        Assert.Equal("10.00", (await scene.Billing.WalletAsync(ada.AccountId)).Spendable.ToTwoDecimals());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Who_guesses_codes_is_stopped_for_an_hour_in_every_account(DatabaseProvider provider)
    {
        await using var scene = await CouponScene.CreateAsync(provider);
        await scene.MakeAsync(scene.Credit("LAUNCH"));
        var ada = await scene.Billing.OpenAccountAsync();
        var school = await scene.Billing.OpenAccountAsync(AccountKind.Organisation) with { PersonId = ada.PersonId };

        for (var i = 0; i < CouponRedeemer.GuessesMax; i++) Assert.Equal("coupon.unknown", (await scene.RedeemAsync(ada, $"GUESS-{i}")).Refusal?.Code);

        Assert.Equal("coupon.guesses", (await scene.RedeemAsync(school, "LAUNCH")).Refusal?.Code);
        scene.Billing.Time.Advance(CouponRedeemer.GuessWindow);
        Assert.Null((await scene.RedeemAsync(school, "LAUNCH")).Refusal);
    }

    [Fact]
    public async Task The_second_discount_of_a_kind_begins_when_the_first_ends()
    {
        await using var scene = await CouponScene.CreateAsync();
        await scene.MakeAsync(scene.Percent("FIFTH", 20) with { LimitEach = 2 });
        var ada = await scene.Billing.OpenAccountAsync();

        var first = (await scene.RedeemAsync(ada, "FIFTH")).Value;
        var second = (await scene.RedeemAsync(ada, "FIFTH")).Value;

        Assert.Equal((RedeemedCouponState.Active, RedeemedCouponState.Waiting, first.Until), (first.State, second.State, second.From));
        await using var db = scene.Billing.Open();
        Assert.Equal(0.8m, Assert.Single(await AccountDiscounts.FactorsAt(db, ada.AccountId, second.From, CancellationToken.None)).Multiplier);
        Assert.Empty(await AccountDiscounts.FactorsAt(db, ada.AccountId, second.Until, CancellationToken.None));
    }

    [Fact]
    public async Task Ending_a_coupon_leaves_what_was_promised()
    {
        await using var scene = await CouponScene.CreateAsync();
        await scene.MakeAsync(scene.Percent("FIFTH", 20));
        var ada = await scene.Billing.OpenAccountAsync(credit: 100);
        await scene.RedeemAsync(ada, "FIFTH");

        await scene.Desk.End(scene.Administrator, (await scene.Desk.List(scene.Administrator)).Value.Single().Coupon.Id);

        Assert.Equal("79.20", (await scene.Billing.Desk.Quote(ada, "image-basic")).Value.Total.ToTwoDecimals());
    }
}
