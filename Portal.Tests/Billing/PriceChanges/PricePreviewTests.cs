using Portal.Catalog;
using Portal.Billing.PriceChanges;
using Portal.Billing.Ledger;
using Portal.Catalog.Editing;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Billing.PriceChanges;

/// <summary>What the preview shows is what is charged when the draft is published.</summary>
public sealed class PricePreviewTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B23_the_next_invoice_is_what_the_preview_showed(DatabaseProvider provider)
    {
        await using var scene = await CatalogueScene.CreateAsync(provider);
        var customer = await scene.Billing.OpenAccountAsync(credit: 500);
        await scene.Billing.ChooseAsync(customer, "image-basic");
        var draft = await scene.DraftAsync("image-basic");
        await scene.Drafts.Save(scene.Administrator, draft.Id, 1, draft.Plan! with { Price = 109.9m });

        var preview = new PricePreview(scene.Billing.Databases, scene.Drafts, new PriceRegion(null), scene.Billing.Time);
        Assert.Equal(customer.AccountId, (await preview.Accounts(scene.Administrator, $" {customer.Email.ToUpperInvariant()} ")).Value.Single().AccountId);
        var shown = (await preview.Read(scene.Administrator, draft.Id, customer.AccountId)).Value;
        Assert.Equal((99m, 109.9m), (shown.Fee!.Amount.Today.Amount, shown.Fee.Amount.Draft.Amount));
        var stranger = (await preview.Read(scene.Administrator, draft.Id, scene.Administrator.AccountId)).Value;
        Assert.Equal((null, 99m, 109.9m), (stranger.Fee!.Due, stranger.Fee.Amount.Today.Amount, stranger.Fee.Amount.Draft.Amount));

        await scene.Publisher.PublishPlan(scene.Administrator, draft.Id, 2);
        await scene.Moves.Ask(scene.Administrator, "image-basic");
        await scene.Mover.Run();
        scene.Billing.Time.SetUtcNow(shown.Fee.Due!.Value);
        await scene.Billing.RenewAsync();
        var chosen = (await scene.Billing.Desk.Quote(scene.Administrator, "image-basic")).Value;

        Assert.Equal(500 - 99 - shown.Fee.Amount.Draft.Amount, (await scene.Billing.WalletAsync(customer.AccountId)).Purchased.Amount);
        Assert.Equal(stranger.Fee.Amount.Draft, chosen.Total);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B23_prompts_cost_what_the_preview_showed(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 5);
        var administrator = scene.Owner with { IsAdministrator = true };
        var (drafts, publisher) = (new DraftDesk(scene.Database.Factory, scene.Time), new CatalogPublisher(scene.Database.Factory, scene.Time));
        var first = await AskAsync(scene);
        var draft = (await drafts.Read(administrator, (await drafts.BeginPrices(administrator)).Value)).Value;
        await drafts.Save(administrator, draft.Id, 1, draft.Prices! with { Rates = [.. draft.Prices.Rates.Select(Doubled)], Factors = [.. draft.Prices.Factors, new("noon", "hours.12-13", 0.25m)] });

        var preview = (await new PricePreview(scene.Database.Factory, drafts, new PriceRegion(null), scene.Time).Read(administrator, draft.Id, scene.Owner.AccountId)).Value;
        Assert.Equal((30, 2, 0), (preview.Usage.Days, preview.Usage.Prompts, preview.Usage.Unpriced));
        Assert.Equal(first, preview.Usage.Amount.Today.Nanos);
        Assert.NotEqual(first, preview.Usage.Amount.Draft.Nanos);
        Assert.Equal((0.0108m, 0.18m), (preview.Prompt!.Value.Today.Amount, preview.Picture!.Value.Today.Amount));
        Assert.Equal(preview.Prompt.Value.Today.Nanos, preview.Prompt.Value.Draft.Nanos * 2);

        await publisher.PublishPrices(administrator, draft.Id, 2, null);
        Assert.Equal(preview.Usage.Amount.Draft.Nanos, await AskAsync(scene));
    }

    [Fact]
    public async Task B23_a_contract_a_trial_and_the_region_are_priced_as_they_are_charged()
    {
        await using var scene = await CatalogueScene.CreateAsync();
        var (bound, trying) = (await scene.Billing.OpenAccountAsync(credit: 500), await scene.Billing.OpenAccountAsync());
        var quote = (await scene.Billing.Desk.Quote(bound, "image-basic", term: PlanTerm.Contract)).Value;
        Assert.Null((await scene.Billing.Desk.Choose(bound, quote, "once")).Refusal);
        Assert.Null((await scene.Billing.Trials.Begin(trying, "image-basic")).Refusal);
        var draft = await scene.PricesAsync();
        var preview = new PricePreview(scene.Billing.Databases, scene.Drafts, new PriceRegion("eu-central"), scene.Billing.Time);

        var contract = (await preview.Read(scene.Administrator, draft.Id, bound.AccountId)).Value;
        var trial = (await preview.Read(scene.Administrator, draft.Id, trying.AccountId)).Value;

        // 2,000 tokens at 0.006 a thousand, paid before and run in the region; the plan's own price of a picture is for whoever tries it too.
        Assert.Equal(0.012m * 0.9m * 0.9m * 0.85m, contract.Prompt!.Value.Today.Amount);
        Assert.Equal((0.012m * 0.9m * 0.9m, 0.15m), (trial.Prompt!.Value.Today.Amount, trial.Picture!.Value.Today.Amount));
    }

    /// <returns>What a text and a picture cost together.</returns>
    private static async Task<long> AskAsync(PromptScene scene)
    {
        scene.Text.Say(5);
        scene.Images.Step(9);
        var text = (await scene.Run(PromptScene.Say("how to top up"))).Receipt!;
        var picture = (await scene.Run(PromptScene.Draw())).Receipt!;
        return text.ChargedNanos + picture.ChargedNanos;
    }

    private static Rate Doubled(Rate rate) => new() { Model = rate.Model, Meter = rate.Meter, PerUnit = rate.PerUnit * 2, BasePixels = rate.BasePixels, BaseSteps = rate.BaseSteps, Tiers = rate.Tiers };
}
