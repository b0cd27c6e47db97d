using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Prompts;
using Portal.Prompts.Pricing;
using Portal.Prompts;
using Portal.Catalog;
using Portal.Prompts.Chats;
using Portal.Prompts.Routing;
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

    [Fact]
    public async Task B23_an_alias_with_a_factor_of_its_own_is_priced_by_it()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await using (var db = scene.Database.Open())
        {
            db.ModelAliases.Add(new ModelAlias { Id = Guid.NewGuid(), Unit = Unit.Tokens, Name = "light", Model = "guide", Version = 1 });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        scene.Aliases.Forget();

        Assert.Equal(600 * PromptScene.NanosPerToken, (await Read(scene, "light")).InputNanos);
    }

    private static async Task<TextPrice> Read(PromptScene scene, string model = "guide")
    {
        using var pricing = new PromptPricing(scene.Database.Factory, new CatalogReader(scene.Database.Factory, scene.Time), scene.Time, Options.Create(new PromptsOptions()));
        return (await new TextTariff(pricing, new ModelRouter(scene.Aliases, scene.Models), new WalletReader(scene.Database.Factory, scene.Time)).Read(scene.Owner, model, TestContext.Current.CancellationToken)).Value;
    }
}
