using Microsoft.EntityFrameworkCore;
using Portal.Billing.Coupons;
using Portal.Data;
using Portal.Data.Catalog;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Coupons;

public sealed class CouponDeskTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_coupon_is_made_once_listed_with_its_maker_and_its_count_and_ended(DatabaseProvider provider)
    {
        await using var scene = await CouponScene.CreateAsync(provider);
        var terms = scene.Credit(" new year-2026 ") with { LimitTotal = 1 };
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => scene.MakeAsync(terms))));

        var made = (await scene.Desk.List(scene.Administrator)).Value.Single();
        Assert.Equal(("NEWYEAR-2026", scene.Administrator.Email, 0, CouponState.Open), (made.Coupon.Code, made.MadeBy, made.Coupon.Redeemed, made.State));
        Assert.Equal("coupon.code-taken", (await scene.Desk.Make(scene.Administrator, scene.Credit("newyear-2026"))).Refusal?.Code);

        await scene.RedeemAsync(scene.Administrator, "NEWYEAR-2026");
        Assert.Equal((1, CouponState.UsedUp), (await scene.Desk.List(scene.Administrator)).Value.Select(c => (c.Coupon.Redeemed, c.State)).Single());
        await scene.Desk.End(scene.Administrator, made.Coupon.Id);
        await scene.Desk.End(scene.Administrator, made.Coupon.Id);

        Assert.Equal(CouponState.Over, (await scene.Desk.List(scene.Administrator)).Value.Single().State);
        await using var db = scene.Billing.Open();
        Assert.Equal(["coupon.made", "coupon.redeemed", "coupon.ended"], await db.AuditEntries.OrderBy(a => a.Id).Select(a => a.Action).ToListAsync());
    }

    [Fact]
    public async Task Only_administrators_make_see_and_end_coupons()
    {
        await using var scene = await CouponScene.CreateAsync();
        var customer = scene.Administrator with { IsAdministrator = false };
        var support = customer with { IsSupport = true };

        Assert.Equal(Refusal.NotFound, (await scene.Desk.List(customer)).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Desk.Make(customer, scene.Credit("LAUNCH"))).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Desk.Make(support, scene.Credit("LAUNCH"))).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Desk.End(support, Guid.NewGuid())).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Desk.End(scene.Administrator, Guid.NewGuid())).Refusal);
        Assert.Empty((await scene.Desk.List(scene.Administrator)).Value);
    }

    [Fact]
    public async Task Terms_that_make_no_sense_are_refused_with_the_reason()
    {
        await using var scene = await CouponScene.CreateAsync();
        var (credit, percent) = (scene.Credit("LAUNCH"), scene.Percent("LAUNCH", 20));
        (NewCoupon Terms, string Code)[] wrong =
        [
            (credit with { Code = "ABC" }, "coupon.code"), (credit with { Code = "A_B_C" }, "coupon.code"), (credit with { Code = new string('A', 33) }, "coupon.code"),
            (credit with { Amount = Money.Zero }, "coupon.amount"), (credit with { Amount = new Money(-1) }, "coupon.amount"), (credit with { Amount = new Money(1) }, "coupon.amount"),
            (credit with { Amount = new Money(long.MaxValue) }, "coupon.amount"), (percent with { PercentOff = 0 }, "coupon.percent"), (percent with { PercentOff = 100 }, "coupon.percent"),
            (credit with { Days = 0 }, "coupon.lasts"), (credit with { Days = int.MaxValue }, "coupon.lasts"), (credit with { LimitEach = 0 }, "coupon.limits"),
            (credit with { LimitTotal = 0 }, "coupon.limits"), (credit with { LastDay = scene.Today.AddDays(-1) }, "coupon.days-turned"),
            (credit with { FirstDay = scene.Today.AddDays(-9), LastDay = scene.Today.AddDays(-1) }, "coupon.days-passed"),
            (credit with { LastDay = DateOnly.MaxValue }, "coupon.days-far"), (credit with { FirstDay = DateOnly.MinValue }, "coupon.days-far"),
        ];

        foreach (var (terms, code) in wrong) Assert.Equal(code, (await scene.Desk.Make(scene.Administrator, terms)).Refusal?.Code);
        Assert.Empty((await scene.Desk.List(scene.Administrator)).Value);
    }
}
