using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Prompts;
using Portal.Catalog;
using Portal.Prompts.Chats;
using Microsoft.Extensions.Options;

namespace Portal.Tests.Prompts.Chats;

public sealed class TextTariffTests
{
    [Fact]
    public async Task A_thousand_tokens_cost_what_the_next_thousand_would_be_charged()
    {
        await using var scene = await PromptScene.Start(yuan: 1);

        Assert.Equal(new TextPrice(1000 * PromptScene.NanosPerToken, 1000 * PromptScene.NanosPerToken, false), await Read(scene));
    }

    [Fact]
    public async Task Where_a_quota_pays_first_the_price_is_the_one_after_it()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await scene.Grant(Unit.Tokens, 100);

        Assert.Equal(new TextPrice(1000 * PromptScene.NanosPerToken, 1000 * PromptScene.NanosPerToken, true), await Read(scene));
    }

    private static async Task<TextPrice> Read(PromptScene scene)
    {
        var pricing = new PromptPricing(scene.Database.Factory, new CatalogReader(scene.Database.Factory, scene.Time), scene.Time, Options.Create(new PromptsOptions()));
        return (await new TextTariff(pricing, new WalletReader(scene.Database.Factory, scene.Time)).Read(scene.Owner, "guide", TestContext.Current.CancellationToken)).Value;
    }
}
