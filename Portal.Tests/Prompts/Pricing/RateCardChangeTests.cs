using Portal.Billing.Ledger;
using Portal.Catalog;
using Portal.Data;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Pricing;

/// <summary>Rate cards have versions and dates: a charge keeps the version that it was quoted with.</summary>
public sealed class RateCardChangeTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B25_a_prompt_that_is_held_before_new_prices_begin_is_charged_at_the_old_ones_and_the_next_at_the_new(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        var begins = scene.Time.GetUtcNow().AddMinutes(1);
        await new CatalogLoader(scene.Database.Factory, scene.Time).Load(Doubled(2, begins), Never);
        var request = PromptScene.Say("how to top up");

        var run = (await scene.Runner.Start(scene.Owner, request, Never)).Value;
        scene.Time.SetUtcNow(begins);
        var preview = (await scene.Runner.Preview(scene.Owner, request)).Value;
        scene.Text.Say(10);
        var held = (await run.Completion).Receipt!;
        var next = (await scene.Run(PromptScene.Say("how to top up"))).Receipt!;

        Assert.Equal((1, 9 * PromptScene.NanosPerToken), (held.RateCardVersion, held.ChargedNanos));
        Assert.Equal((2, 9 * PromptScene.NanosPerToken * 2), (preview.Quote.Terms.RateCardVersion, preview.Quote.Price.AmountNanos));
        Assert.Equal((2, preview.Quote.Price.AmountNanos), (next.RateCardVersion, next.ChargedNanos));
        Assert.Equal(1, LedgerJson.ReadReceipt((await scene.Usage(held.HoldId))!.Receipt).RateCardVersion);
    }

    private static CatalogFile Doubled(int version, DateTimeOffset from)
    {
        var shipped = CatalogLoader.ReadShipped();
        foreach (var rate in shipped.Rates) rate.PerUnit *= 2;
        return shipped with { Version = version, EffectiveFrom = from };
    }
}
