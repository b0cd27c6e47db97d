using Microsoft.EntityFrameworkCore;
using Portal.Billing.Coupons;
using Portal.Data;
using Portal.Data.Catalog;
using Portal.Prompts.Requests;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Pricing;

/// <summary>Coupons, and what is added to a plan, in the price and the limits of prompts.</summary>
public sealed class CouponPricingTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B23_A_redeemed_discount_is_in_the_preview_the_hold_and_the_receipt(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        scene.Text.Say(5);
        await Redeem(scene, "FIFTH", 20);
        await Redeem(scene, "TENTH", 10);
        var request = PromptScene.Say("how to top up");

        var preview = (await scene.Runner.Preview(scene.Owner, request)).Value;
        var receipt = (await scene.Run(request)).Receipt!;

        Assert.Equal(["prepaid", "coupon:TENTH", "coupon:FIFTH"], receipt.Price.Factors.Select(f => f.Name));
        Assert.Equal(9 * PromptScene.NanosPerToken * 72 / 100, receipt.ChargedNanos);
        Assert.Equal(preview.Quote.Price.AmountNanos, receipt.ChargedNanos);
        Assert.Equal(9 * 6000, receipt.Price.ListNanos);
    }

    [Fact]
    public async Task A_prompt_that_was_held_with_a_discount_keeps_it_though_it_ends_meanwhile()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await Redeem(scene, "FIFTH", 20, days: 1);
        scene.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1));
        var run = (await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up"), CancellationToken.None)).Value;

        scene.Time.Advance(TimeSpan.FromMinutes(2));
        scene.Text.Say(10);
        var held = (await run.Completion).Receipt!;
        var next = (await scene.Run(PromptScene.Say("how to top up"))).Receipt!;

        Assert.Equal((9 * PromptScene.NanosPerToken * 8 / 10, 9 * PromptScene.NanosPerToken), (held.ChargedNanos, next.ChargedNanos));
    }

    [Fact]
    public async Task The_price_beyond_a_plan_is_the_plans_less_the_discount()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await scene.Subscribe("image-basic");
        await Redeem(scene, "FIFTH", 20);
        scene.Images.Step(9);

        var receipt = (await scene.Run(PromptScene.Draw(size: 128))).Receipt!;

        Assert.Equal(("image-basic", "coupon:FIFTH"), (receipt.Plan, receipt.Price.Factors.Single().Name));
        Assert.Equal(2_343_750 * 8 / 10, receipt.ChargedNanos);
    }

    [Fact]
    public async Task What_was_added_to_a_plan_runs_at_the_same_time()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await scene.Subscribe("edu-starter");
        await using (var db = scene.Database.Open()) await db.Subscriptions.ExecuteUpdateAsync(set => set.SetProperty(s => s.ExtraConcurrent, 2));
        for (var i = 0; i < 7; i++) Assert.Null((await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up"), CancellationToken.None)).Refusal);

        var refused = await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up"), CancellationToken.None);

        Assert.Equal(new Refusal("concurrency.full", "7"), refused.Refusal);
        scene.Text.Say(7 * 5);
        await scene.Runner.StopAsync(CancellationToken.None);
    }

    private static async Task Redeem(PromptScene scene, string code, int percent, int days = 30)
    {
        var terms = new NewCoupon(Guid.NewGuid(), code, CouponKind.Percent, Money.Zero, percent, days, false, 1, null, new DateOnly(2026, 1, 1), null);
        Assert.Null((await new CouponDesk(scene.Database.Factory, scene.Time).Make(scene.Owner with { IsAdministrator = true }, terms)).Refusal);
        Assert.Null((await new CouponRedeemer(scene.Database.Factory, scene.Ledger, scene.Time).Redeem(scene.Owner, code, Guid.NewGuid())).Refusal);
    }
}
