using Microsoft.EntityFrameworkCore;
using Portal.Billing.Subscriptions;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Coupons;

/// <summary>Coupons and the fees of plans.</summary>
public sealed class CouponedPlanTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_discount_is_a_line_of_the_invoice_and_of_every_renewal_while_it_lasts(DatabaseProvider provider)
    {
        await using var scene = await CouponScene.CreateAsync(provider);
        await scene.MakeAsync(scene.Percent("FIFTH", 20) with { Days = 40 }, scene.Percent("TENTH", 10) with { Days = 5 });
        var ada = await scene.Billing.OpenAccountAsync(credit: 1000);
        await scene.RedeemAsync(ada, "FIFTH");
        await scene.RedeemAsync(ada, "TENTH");

        Assert.Null((await scene.Billing.ChooseAsync(ada, "image-basic")).Refusal);
        var next = (await scene.Billing.Subscriptions.Current(ada.AccountId))!.NextPrice.Amount;
        scene.Billing.Time.Advance(TimeSpan.FromDays(31));
        await scene.Billing.RenewAsync();
        scene.Billing.Time.Advance(TimeSpan.FromDays(31));
        await scene.Billing.RenewAsync();

        Assert.Equal("79.20", next.ToTwoDecimals());
        await using var db = scene.Billing.Open();
        var invoices = await db.Invoices.Include(i => i.Lines).OrderBy(i => i.Sequence).ToListAsync();
        Assert.Equal([71_280_000_000, 79_200_000_000, 99_000_000_000], invoices.Select(i => i.TotalNanos));
        Assert.Equal(
            [("plan", "image-basic", 99_000_000_000), ("coupon", "TENTH", -9_900_000_000), ("coupon", "FIFTH", -17_820_000_000)],
            invoices[0].Lines.OrderBy(l => l.Id).Select(l => (l.Kind, l.Detail, l.AmountNanos)));
        Assert.All(invoices, i => Assert.Equal(i.TotalNanos, i.Lines.Sum(l => l.AmountNanos)));
        Assert.Equal("750.52", (await scene.Billing.WalletAsync(ada.AccountId)).Purchased.ToTwoDecimals());
    }

    [Fact]
    public async Task B15_leaving_a_plan_credits_what_was_paid_and_not_what_it_lists()
    {
        await using var scene = await CouponScene.CreateAsync();
        await scene.MakeAsync(scene.Percent("HALF", 50) with { Days = 1 });
        var ada = await scene.Billing.OpenAccountAsync(credit: 1000);
        await scene.RedeemAsync(ada, "HALF");
        await scene.Billing.ChooseAsync(ada, "image-basic");
        scene.Billing.Time.Advance(TimeSpan.FromDays(1));

        var quote = (await scene.Billing.Desk.Quote(ada, "image-advanced")).Value;

        // Thirty of 31 days of 49.50.
        Assert.Equal(("47.90", "351.10"), (quote.Credit.ToTwoDecimals(), quote.Total.ToTwoDecimals()));
    }

    [Fact]
    public async Task A_plan_that_a_coupon_makes_cheaper_than_what_is_left_waits_for_the_periods_end()
    {
        await using var scene = await CouponScene.CreateAsync();
        await scene.MakeAsync(scene.Percent("NEARLYALL", 90));
        var ada = await scene.Billing.OpenAccountAsync(credit: 1000);
        await scene.Billing.ChooseAsync(ada, "image-basic");
        await scene.RedeemAsync(ada, "NEARLYALL");

        var quote = (await scene.Billing.Desk.Quote(ada, "image-advanced")).Value;

        // Thirty days of coupon end before July does: the price is the one that will be charged then.
        Assert.Equal((PlanChangeKind.NextPeriod, "399.00", 0L), (quote.Kind, quote.Price.Amount.ToTwoDecimals(), quote.TotalNanos));
    }

    [Fact]
    public async Task B23_a_coupon_that_was_redeemed_after_the_price_was_shown_makes_it_stale_and_one_that_ends_meanwhile_does_not()
    {
        await using var scene = await CouponScene.CreateAsync();
        await scene.MakeAsync(scene.Percent("FIFTH", 20) with { Days = 1 });
        var ada = await scene.Billing.OpenAccountAsync(credit: 1000);
        var before = (await scene.Billing.Desk.Quote(ada, "image-basic")).Value;
        await scene.RedeemAsync(ada, "FIFTH");
        Assert.Equal("plan.quote-stale", (await scene.Billing.Desk.Choose(ada, before, "a")).Refusal?.Code);

        scene.Billing.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1));
        var shown = (await scene.Billing.Desk.Quote(ada, "image-basic")).Value;
        scene.Billing.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(79_200_000_000, (await scene.Billing.Desk.Choose(ada, shown, "b")).Value.ChargedNanos);
    }

    [Fact]
    public async Task B23_a_renewal_that_runs_late_costs_what_was_shown_though_its_coupon_has_ended_since()
    {
        await using var scene = await CouponScene.CreateAsync();
        await scene.MakeAsync(scene.Percent("FIFTH", 20) with { Days = 31 }, scene.Percent("THIRD", 30) with { Days = 1 });
        var ada = await scene.Billing.OpenAccountAsync(credit: 1000);
        await scene.Billing.ChooseAsync(ada, "image-basic");
        scene.Billing.Time.Advance(TimeSpan.FromMinutes(1));
        await scene.RedeemAsync(ada, "FIFTH");
        var shown = (await scene.Billing.Subscriptions.Current(ada.AccountId))!.NextPrice.Amount;

        scene.Billing.Time.Advance(TimeSpan.FromDays(31) + TimeSpan.FromMinutes(5));
        var late = (await scene.Billing.Desk.Quote(ada, "image-basic")).Value;
        await scene.RedeemAsync(ada, "THIRD");
        var cheaper = (await scene.Billing.Subscriptions.Current(ada.AccountId))!.NextPrice.Amount;
        await scene.Billing.RenewAsync();

        Assert.Equal(("79.20", "79.20", "69.30"), (shown.ToTwoDecimals(), late.Total.ToTwoDecimals(), cheaper.ToTwoDecimals()));
        await using var db = scene.Billing.Open();
        Assert.Equal([99_000_000_000, 69_300_000_000], await db.Invoices.OrderBy(i => i.Sequence).Select(i => i.TotalNanos).ToListAsync());
    }

    [Fact]
    public async Task A_renewal_that_the_balance_cannot_pay_is_asked_for_at_the_price_with_the_coupon()
    {
        await using var scene = await CouponScene.CreateAsync();
        await scene.MakeAsync(scene.Percent("FIFTH", 20) with { Days = 400 });
        var ada = await scene.Billing.OpenAccountAsync(credit: 100);
        await scene.RedeemAsync(ada, "FIFTH");
        await scene.Billing.ChooseAsync(ada, "image-basic");
        scene.Billing.Time.Advance(TimeSpan.FromDays(31));

        await scene.Billing.RenewAsync();

        await using var db = scene.Billing.Open();
        Assert.Contains("79.20", (await db.OutboxMails.SingleAsync()).Html, StringComparison.Ordinal);
        Assert.Equal(SubscriptionStatus.PastDue, (await db.Subscriptions.SingleAsync()).Status);
    }
}
