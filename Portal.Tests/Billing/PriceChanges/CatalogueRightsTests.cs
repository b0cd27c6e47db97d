using Portal.Billing.PriceChanges;
using Portal.Catalog;
using Portal.Catalog.Editing;

namespace Portal.Tests.Billing.PriceChanges;

public sealed class CatalogueRightsTests
{
    [Fact]
    public async Task For_customers_and_support_there_is_no_catalogue_to_edit()
    {
        await using var scene = await CatalogueScene.CreateAsync();
        var draft = await scene.DraftAsync("image-basic");
        var prices = await scene.PricesAsync();
        var before = await scene.PublishedAsync();
        var preview = new PricePreview(scene.Billing.Databases, scene.Drafts, new PriceRegion(null), scene.Billing.Time);
        foreach (var caller in new[] { scene.Administrator with { IsAdministrator = false }, scene.Administrator with { IsAdministrator = false, IsSupport = true } })
        {
            Refusal?[] refused =
            [
                (await scene.Catalogue.Read(caller)).Refusal, (await scene.Catalogue.Plan(caller, "image-basic")).Refusal, (await scene.Catalogue.Export(caller)).Refusal,
                (await scene.Catalogue.Compare(caller, "image-basic", 1, 1)).Refusal, (await scene.Catalogue.Compare(caller, 1, 1)).Refusal, (await scene.Catalogue.Prices(caller, 1)).Refusal,
                (await scene.Drafts.Read(caller, draft.Id)).Refusal, (await scene.Drafts.Begin(caller, "image-basic")).Refusal, (await scene.Drafts.BeginPrices(caller)).Refusal,
                (await scene.Drafts.BeginNewPlan(caller, draft.Plan! with { Key = "mine" })).Refusal, (await scene.Drafts.Save(caller, draft.Id, 1, draft.Plan! with { Price = 1 })).Refusal,
                (await scene.Drafts.Save(caller, prices.Id, 1, prices.Prices! with { TaxPercent = 1 })).Refusal, (await scene.Drafts.TakeOver(caller, draft)).Refusal,
                (await scene.Drafts.Discard(caller, draft.Id, 1)).Refusal, (await scene.Publisher.PublishPlan(caller, draft.Id, 1)).Refusal,
                (await scene.Publisher.PublishPrices(caller, prices.Id, 1, null)).Refusal, (await scene.Publisher.Retire(caller, "image-basic")).Refusal,
                (await scene.Publisher.Withdraw(caller, 1)).Refusal, (await scene.Importer.Import(caller, CatalogJson.Write(CatalogLoader.ReadShipped()))).Refusal,
                (await preview.Accounts(caller, caller.Email)).Refusal, (await preview.Read(caller, draft.Id, caller.AccountId)).Refusal,
                (await scene.Moves.Read(caller, "image-basic")).Refusal, (await scene.Moves.Ask(caller, "image-basic")).Refusal, (await scene.Moves.TakeBack(caller, Guid.NewGuid())).Refusal,
            ];

            Assert.All(refused, refusal => Assert.Equal(Refusal.NotFound, refusal));
        }

        Assert.Equal(before, await scene.PublishedAsync());
        Assert.Equal((1, 1), ((await scene.DraftAsync("image-basic")).Revision, (await scene.PricesAsync()).Revision));
        Assert.Equal(Refusal.NotFound, (await scene.Drafts.Read(scene.Administrator, -1)).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Publisher.Withdraw(scene.Administrator, 99)).Refusal);
        Assert.Equal(Refusal.NotFound, (await preview.Read(scene.Administrator, draft.Id, Guid.NewGuid())).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Moves.TakeBack(scene.Administrator, Guid.NewGuid())).Refusal);
        Assert.Empty((await preview.Accounts(scene.Administrator, "nobody@example.com")).Value);
    }
}
