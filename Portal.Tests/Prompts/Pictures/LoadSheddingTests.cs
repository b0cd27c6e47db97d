using Microsoft.EntityFrameworkCore;
using Portal.Billing.Rating;
using Portal.Data;
using Portal.Inference;
using Portal.Inference.Lanes;
using Portal.Prompts.Pictures;
using Portal.Prompts;
using Portal.Prompts.Requests;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Pictures;

public sealed class LoadSheddingTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B23_A_picture_under_load_is_held_drawn_and_charged_with_half_its_steps_and_shown_with_all_of_them(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        scene.Load = Busy(32);
        scene.Images.Step(5);
        var request = PromptScene.Draw() with { Steps = null, Seed = null };

        var preview = (await scene.Runner.Preview(scene.Owner, request)).Value;
        var run = (await scene.Runner.Start(scene.Owner, request, Never)).Value;
        var receipt = (await run.Completion).Receipt!;

        Assert.Equal((new DegradedSteps(5, 9), 5), (run.Degraded, scene.Images.Last!.Steps));
        Assert.Equal(MeteredUsage.Picture(1, 64, 64, 5), receipt.Usage);
        Assert.Equal((receipt.ChargedNanos, 9), (run.Quote.Price.AmountNanos, preview.Quote.WorstCase.Steps));
        Assert.Equal(["prepaid", "degraded"], receipt.Price.Factors.Select(f => f.Name));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B23_What_the_price_list_says_of_the_grade_is_held_and_charged_alike(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        await using (var db = scene.Database.Open())
        {
            await db.Set<Portal.Data.Catalog.Factor>().Where(f => f.Condition == "quality.degraded").ExecuteUpdateAsync(set => set.SetProperty(f => f.Multiplier, 0.5m));
        }

        scene.Load = Busy(32);
        scene.Images.Step(5);
        var request = PromptScene.Draw() with { Steps = null, Seed = null };

        var run = (await scene.Runner.Start(scene.Owner, request, Never)).Value;
        var receipt = (await run.Completion).Receipt!;

        Assert.Equal((receipt.ChargedNanos, ("degraded", 0.5m)), (run.Quote.Price.AmountNanos, receipt.Price.Factors.Select(f => (f.Name, f.Multiplier)).Last()));
        Assert.Equal(Money.FromAmount(0.20m * 64 * 64 * 5 / (1_048_576 * 9) * 0.9m * 0.5m).Nanos, receipt.ChargedNanos);
    }

    [Fact]
    public async Task B23_What_was_shown_under_load_is_not_exceeded_when_the_queue_is_empty_again()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Load = Busy(32);
        var request = PromptScene.Draw() with { Steps = null, Seed = null };
        var preview = (await scene.Runner.Preview(scene.Owner, request)).Value;
        scene.Load = Busy(0);
        scene.Images.Step(9);

        var receipt = (await scene.Run(request)).Receipt!;

        Assert.Equal(preview.Quote.Price.AmountNanos, receipt.ChargedNanos);
    }

    [Fact]
    public async Task With_a_plan_a_picture_is_drawn_whole_under_any_load()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await scene.Subscribe("image-basic");
        scene.Load = Busy(64);
        scene.Images.Step(9);

        var receipt = (await scene.Run(PromptScene.Draw() with { Steps = null, Seed = null })).Receipt!;

        Assert.Equal(9, receipt.Usage.Steps);
        Assert.DoesNotContain(receipt.Price.Factors, f => f.Name == "degraded");
    }

    [Theory]
    [InlineData(Lane.PayPerUse, null, null, 32, 5)]
    [InlineData(Lane.PayPerUse, null, null, 31, null)]
    [InlineData(Lane.PayPerUse, 9, null, 64, null)]
    [InlineData(Lane.PayPerUse, null, 7, 64, null)]
    [InlineData(Lane.Subscription, null, null, 64, null)]
    [InlineData(Lane.Dedicated, null, null, 64, null)]
    [InlineData(Lane.Batch, null, null, 64, null)]
    public void Only_what_nobody_fixed_and_no_plan_pays_for_gives_way(Lane lane, int? steps, int? seed, int waiting, int? drawn) =>
        Assert.Equal(drawn, LoadShedding.StepsUnderLoad(new ImagePrompt(Guid.NewGuid(), "shapes", "x", Steps: steps, Seed: seed), lane, 9, Busy(waiting), 50));

    [Fact]
    public void One_step_cannot_give_way_and_a_model_of_unknown_load_draws_whole()
    {
        var prompt = new ImagePrompt(Guid.NewGuid(), "shapes", "x");
        Assert.Null(LoadShedding.StepsUnderLoad(prompt, Lane.PayPerUse, 1, Busy(64), 50));
        Assert.Null(LoadShedding.StepsUnderLoad(prompt, Lane.PayPerUse, 9, null, 50));
    }

    private static EngineLoad Busy(int payPerUse) => new([0, 0, payPerUse, 0], 4, 4, 0, 64);
}
