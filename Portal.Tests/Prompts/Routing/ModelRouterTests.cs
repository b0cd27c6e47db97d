using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Keys;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Data.Prompts;
using Portal.Inference;
using Portal.Inference.Lanes;
using Portal.Prompts.Requests;
using Portal.Prompts.Routing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Routing;

/// <summary>Aliases, priorities, canaries and lanes, and that the price follows them from the preview to the receipt.</summary>
public sealed class ModelRouterTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B23_An_alias_costs_what_its_preview_showed_and_the_receipt_names_it(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        await Set(scene, "light", "guide");
        scene.Text.Say(5);
        var request = PromptScene.Say("how to top up") with { Model = "light" };

        var preview = (await scene.Runner.Preview(scene.Owner, request)).Value;
        var run = (await scene.Runner.Start(scene.Owner, request, Never)).Value;
        var receipt = (await run.Completion).Receipt!;

        Assert.Equal(["prepaid", "lightModel", "alias:light"], receipt.Price.Factors.Select(f => f.Name));
        Assert.Equal(9 * PromptScene.NanosPerToken * 6 / 10, receipt.ChargedNanos);
        Assert.Equal((receipt.ChargedNanos, receipt.ChargedNanos), (preview.Quote.Price.AmountNanos, run.Quote.Price.AmountNanos));
        Assert.Equal(("guide", "guide"), (run.Model, receipt.Model));
        Assert.Equal("guide", (await scene.Usage(request.Id))!.Model);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B23_A_request_of_a_canary_meets_the_same_model_in_preview_hold_and_charge(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        var next = Add(scene, "next");
        await using (var db = scene.Database.Open())
        {
            // A price of its own, so that another model in one of the steps would show.
            var card = await db.RateCards.Select(c => c.Id).SingleAsync(Never);
            db.AddRange(new[] { "tokens.input", "tokens.output" }.Select(meter => new Rate { RateCardId = card, Model = "next", Meter = meter, PerUnit = 0.00001m }));
            await db.SaveChangesAsync(Never);
        }

        await Set(scene, "flagship", "guide", "next", 50);
        var answered = new List<string>();
        for (var i = 1; i <= 20; i++)
        {
            var request = PromptScene.Say("how to top up", id: new Guid(i, 0, 0, new byte[8])) with { Model = "flagship" };
            scene.Text.Say(5);
            next.Say(5);

            var preview = (await scene.Runner.Preview(scene.Owner, request)).Value;
            var run = (await scene.Runner.Start(scene.Owner, request, Never)).Value;
            var receipt = (await run.Completion).Receipt!;

            Assert.Equal(run.Model, receipt.Model);
            Assert.Equal(9 * (run.Model == "next" ? 9000 : PromptScene.NanosPerToken), receipt.ChargedNanos);
            Assert.Equal((receipt.ChargedNanos, receipt.ChargedNanos), (preview.Quote.Price.AmountNanos, run.Quote.Price.AmountNanos));
            answered.Add(run.Model);
        }

        Assert.Equal(["guide", "next"], answered.Distinct().Order());
    }

    [Theory]
    [InlineData("guide", "flagship", "guide")]
    [InlineData("guide next", "flagship", "next")]
    [InlineData("flagship", "flagship", "next")]
    [InlineData("flagship", "auto", "next")]
    [InlineData("next", "flagship", null)]
    [InlineData("light", "flagship", null)]
    public async Task A_key_of_some_models_may_name_an_alias_of_one_and_meets_its_canary_only_where_it_may_use_that(string allowed, string asked, string? answers)
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var next = Add(scene, "next").Say(5);
        scene.Text.Say(5);
        await Set(scene, "flagship", "guide", "next", 50);
        var tried = Enumerable.Range(1, 100).Select(i => new Guid(i, 0, 0, new byte[8])).First(id => ModelRouter.IsCanary(id, "flagship", 50));
        var caller = scene.Owner with { KeyRights = new KeyRights(KeyEndpoints.Text, allowed.Split(' '), null) };

        var started = await scene.Runner.Start(caller, PromptScene.Say("how to top up", id: tried) with { Model = asked }, Never);

        Assert.Equal((answers, answers is null ? "key.model" : null), (started.IsDone(out var refusal, out var run) ? run.Model : null, refusal?.Code));
        if (run is not null) await run.Completion;
        Assert.Equal(answers == "next" ? 5 : 0, next.Said);
    }

    [Theory]
    [InlineData(null, "guide", null, Lane.PayPerUse)]
    [InlineData(Priority.High, "guide", null, Lane.PayPerUse)]
    [InlineData(Priority.Normal, "older", "previousVersion", Lane.PayPerUse)]
    [InlineData(Priority.Batch, "small", "batchLite", Lane.Batch)]
    public async Task The_priority_chooses_the_model_its_price_factor_and_its_lane(Priority? priority, string model, string? factor, Lane lane)
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var models = new[] { scene.Text, Add(scene, "older"), Add(scene, "small") };
        await Set(scene, "previous", "older");
        await Set(scene, "light", "small");
        var chosen = models.Single(m => m.Id == model).Say(5);

        var receipt = (await scene.Run(PromptScene.Say("how to top up") with { Model = "auto", Priority = priority })).Receipt!;

        var alias = $"alias:{Aliases.For(priority)}";
        Assert.Equal(factor is null ? ["prepaid", alias] : ["prepaid", factor, alias], receipt.Price.Factors.Select(f => f.Name));
        Assert.Equal((model, lane), (receipt.Model, chosen.Last!.Lane));
    }

    [Theory]
    [InlineData(0, Lane.Dedicated)]
    [InlineData(31, Lane.PayPerUse)]
    public async Task Who_shares_an_instance_goes_first_as_long_as_it_is_paid(int days, Lane lane)
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var (pool, now) = (Guid.NewGuid(), scene.Time.GetUtcNow());
        await using (var db = scene.Database.Open())
        {
            db.ComputePools.Add(new ComputePool
            {
                Id = pool, Name = "Ours", State = ComputePoolState.Running, PeriodStart = now, PeriodEnd = now.AddDays(30), CreatedAt = now,
                Members = [new ComputePoolMember { PoolId = pool, AccountId = scene.Owner.AccountId, Number = 1, SharePercent = 100, AcceptedAt = now }],
            });
            db.ComputePoolPeriods.Add(new ComputePoolPeriod { PoolId = pool, Start = now, End = now.AddDays(30) });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        scene.Time.Advance(TimeSpan.FromDays(days));
        scene.Text.Say(10);
        await scene.Run(PromptScene.Say("how to top up"));

        Assert.Equal(lane, scene.Text.Last!.Lane);
    }

    [Theory]
    [InlineData(null, Lane.PayPerUse)]
    [InlineData("image-basic", Lane.Subscription)]
    [InlineData("image-advanced", Lane.Subscription)]
    [InlineData("image-professional", Lane.Dedicated)]
    public async Task The_lane_is_the_plans_and_a_batch_waits_whatever_the_plan(string? plan, Lane lane)
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        if (plan is not null) await scene.Subscribe(plan);
        scene.Text.Say(10);
        scene.Images.Step(9);

        await scene.Run(PromptScene.Say("how to top up"));
        await scene.Run(PromptScene.Draw());
        Assert.Equal((lane, lane), (scene.Text.Last!.Lane, scene.Images.Last!.Lane));
        var batch = await scene.Run(PromptScene.Say("how to top up") with { Batch = true });

        Assert.Equal(Lane.Batch, scene.Text.Last!.Lane);
        Assert.Contains(batch.Receipt!.Price.Factors, f => f.Name == "asyncBatch");
    }

    [Fact]
    public async Task A_batch_on_the_light_model_is_priced_as_one()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await Set(scene, "light", "guide");
        scene.Text.Say(5);

        var receipt = (await scene.Run(PromptScene.Say("how to top up") with { Model = "light", Batch = true })).Receipt!;

        Assert.Equal(["prepaid", "batchLite", "asyncBatch", "alias:light"], receipt.Price.Factors.Select(f => f.Name));
    }

    [Fact]
    public async Task The_flagship_is_the_first_ready_model_until_somebody_sets_it()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        Add(scene, "next");
        var router = new ModelRouter(scene.Aliases, scene.Models);

        Assert.Equal("guide", (await router.Find(Ask("flagship"), Unit.Tokens, Never)).Value.Model);
        Assert.Equal("shapes", (await router.Find(Ask("flagship"), Unit.Images, Never)).Value.Model);
        await Set(scene, "flagship", "next");

        Assert.Equal("next", (await router.Find(Ask("flagship"), Unit.Tokens, Never)).Value.Model);
        Assert.Equal([new ModelRoute("next", "flagship")], await router.All(Unit.Tokens, Never));
    }

    [Theory]
    [InlineData("auto", Priority.Normal, "model.priority")]
    [InlineData("auto", Priority.Batch, "model.priority")]
    [InlineData("guide", Priority.High, "model.priority-named")]
    [InlineData("light", null, "model.unknown")]
    [InlineData("pictures", null, "model.not-text")]
    public async Task A_name_without_a_model_is_refused(string name, Priority? priority, string refusal)
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await Set(scene, "pictures", "shapes", unit: Unit.Images);

        Assert.Equal(refusal, (await scene.Runner.Start(scene.Owner, PromptScene.Say("hello") with { Model = name, Priority = priority }, Never)).Refusal?.Code);
    }

    [Fact]
    public async Task A_models_own_name_means_that_model_whatever_alias_bears_it()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        Add(scene, "next");
        await Set(scene, "guide", "next");

        Assert.Equal(new ModelRoute("guide"), (await new ModelRouter(scene.Aliases, scene.Models).Find(Ask("guide"), Unit.Tokens, Never)).Value);
    }

    [Fact]
    public async Task A_canary_that_is_not_ready_takes_nobodys_request()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        Add(scene, "next", ModelState.Unavailable);
        await Set(scene, "flagship", "guide", "next", 99);
        var router = new ModelRouter(scene.Aliases, scene.Models);

        for (var i = 0; i < 20; i++) Assert.Equal("guide", (await router.Find(Ask("flagship"), Unit.Tokens, Never)).Value.Model);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    [InlineData(99)]
    public void A_canary_gets_its_share_of_requests(int percent)
    {
        const int all = 20_000;
        var tried = Enumerable.Range(0, all).Count(i => ModelRouter.IsCanary(new Guid(i, 1, 2, new byte[8]), "flagship", percent));

        // Four standard deviations of such a draw.
        Assert.InRange(tried, (all * percent / 100.0) - (4 * Math.Sqrt(all * percent * (100 - percent) / 10_000.0)), (all * percent / 100.0) + (4 * Math.Sqrt(all * percent * (100 - percent) / 10_000.0)));
    }

    [Fact]
    public void A_larger_share_keeps_the_requests_of_a_smaller_one() =>
        Assert.All(Enumerable.Range(0, 1_000).Select(i => new Guid(i, 1, 2, new byte[8])), id =>
            Assert.True(!ModelRouter.IsCanary(id, "flagship", 10) || ModelRouter.IsCanary(id, "flagship", 20)));

    private static TextPrompt Ask(string model) => PromptScene.Say("hello") with { Model = model };

    private static ScriptedText Add(PromptScene scene, string id, ModelState state = ModelState.Ready)
    {
        var model = new ScriptedText { Id = id };
        scene.Others.Add(model);
        scene.Statuses.Add(new(id, ModelKind.Text, state));
        return model;
    }

    private static async Task Set(PromptScene scene, string name, string model, string? canary = null, int percent = 0, Unit unit = Unit.Tokens)
    {
        await using var db = scene.Database.Open();
        db.ModelAliases.Add(new ModelAlias { Id = Guid.NewGuid(), Unit = unit, Name = name, Model = model, Canary = canary, CanaryPercent = percent, Version = 1 });
        await db.SaveChangesAsync();
        scene.Aliases.Forget();
    }
}
