using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Projects;
using Portal.Data;
using Portal.Inference.Text;
using Portal.Prompts.Answers;
using Portal.Prompts.Requests;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Cache;

public sealed class AnswerCacheTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task The_same_request_gets_the_first_answer_at_a_tenth_of_the_price(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        scene.Text.Say(5);

        var first = await scene.Run(Asked());
        var preview = (await scene.Runner.Preview(scene.Owner, Asked())).Value;
        var run = (await scene.Runner.Start(scene.Owner, Asked(), Never)).Value;
        var text = string.Concat(await run.Updates.ReadAllAsync(Never).Select(update => update.Text).ToListAsync(Never));
        var again = await run.Completion;

        Assert.Equal("one two three four five ", text);
        Assert.True(run.Cached);
        Assert.Equal(5, scene.Text.Said);
        Assert.Equal(first.Receipt!.Usage, again.Receipt!.Usage);
        Assert.Equal(9 * PromptScene.NanosPerToken, first.Receipt.ChargedNanos);
        Assert.Equal(9 * PromptScene.NanosPerToken / 10, again.Receipt.ChargedNanos);
        Assert.Equal((again.Receipt.ChargedNanos, again.Receipt.ChargedNanos), (preview.Quote.Price.AmountNanos, run.Quote.Price.AmountNanos));
        Assert.Equal(["prepaid", "cached"], again.Receipt.Price.Factors.Select(f => f.Name));
    }

    [Fact]
    public async Task Whatever_differs_in_the_request_is_asked_of_the_model()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Text.Say(100);
        await scene.Run(Asked());
        TextPrompt[] others =
        [
            Asked() with { MaxTokens = 4 }, Asked() with { Stop = ["x"] }, Asked() with { Sampling = new Sampling { Temperature = 1, Seed = 7 } },
            Asked() with { Sampling = new Sampling { FrequencyPenalty = 1 } }, Asked() with { Messages = [new ChatMessage("user", "how to top up now")] },
            Asked() with { Messages = [new ChatMessage("system", "how to top up")] },
        ];

        foreach (var other in others) Assert.False((await Started(scene, other)).Cached);

        scene.Text.Version = "2";
        Assert.False((await Started(scene, Asked())).Cached);
    }

    [Fact]
    public async Task An_answer_that_its_request_does_not_determine_is_neither_kept_nor_given()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Text.Say(20);
        await scene.Run(Asked());

        Assert.Null((await Started(scene, Asked() with { Sampling = new Sampling { Temperature = 1 } })).Cached);
        Assert.Null((await Started(scene, Asked() with { Likelihoods = 2 })).Cached);
        Assert.Null((await Started(scene, Asked() with { Cache = null })).Cached);
    }

    [Fact]
    public async Task Nobody_gets_another_accounts_answer()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Text.Say(10);
        await scene.Run(Asked());
        var (account, seat) = await Books.OpenAccount(scene.Database.Factory, scene.Time);
        await Books.TopUp(scene.Database.Factory, scene.Time, account.Id, 1);
        var stranger = scene.Owner with { AccountId = account.Id, MembershipId = seat.Id, PersonId = seat.PersonId };

        var run = (await scene.Runner.Start(stranger, Asked(), Never)).Value;
        await run.Completion;

        Assert.False(run.Cached);
    }

    [Fact]
    public async Task A_project_says_so_for_its_requests_and_a_request_for_itself()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Text.Say(20);
        var projects = new ProjectDesk(scene.Database.Factory, scene.Time);
        Assert.Null((await projects.CacheAnswers(scene.Owner, scene.Owner.ProjectId, true)).Refusal);

        Assert.False((await Started(scene, Asked() with { Cache = null })).Cached);
        Assert.True((await Started(scene, Asked() with { Cache = null })).Cached);
        Assert.Null((await Started(scene, Asked() with { Cache = false })).Cached);
        Assert.Equal(Refusal.Forbidden, (await projects.CacheAnswers(await scene.Student(), scene.Owner.ProjectId, false)).Refusal);

        Assert.Null((await projects.CacheAnswers(scene.Owner, scene.Owner.ProjectId, false)).Refusal);
        scene.Time.SetClock(-TimeSpan.FromMinutes(1));
        scene.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Null((await Started(scene, Asked() with { Cache = null })).Cached);
        await using var db = scene.Database.Open();
        Assert.Equal(0, await db.CachedAnswers.CountAsync(Never));
    }

    [Fact]
    public async Task Answers_go_when_they_are_old_and_when_there_are_too_many()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.CacheOptions.AnswersMax = 2;
        scene.Text.Say(100);
        foreach (var content in (string[])["a", "b", "c"])
        {
            await Started(scene, Asked(content));
            scene.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.False((await Started(scene, Asked("a"))).Cached);
        Assert.True((await Started(scene, Asked("c"))).Cached);
        scene.Time.Advance(TimeSpan.FromHours(25));
        Assert.False((await Started(scene, Asked("c"))).Cached);
        Assert.Equal(1, await scene.Cache.Prune(Never));
    }

    [Fact]
    public async Task An_answer_that_was_stopped_or_failed_is_not_given_to_the_next()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Text.Say(2).Fail();
        Assert.Equal(PromptFinish.Failed, (await scene.Run(Asked())).Finish);
        scene.Text.Say(5);

        Assert.False((await Started(scene, Asked())).Cached);
    }

    private static TextPrompt Asked(string content = "how to top up") => PromptScene.Say(content) with { Cache = true };

    private static async Task<Portal.Prompts.PromptRun> Started(PromptScene scene, TextPrompt prompt)
    {
        var run = (await scene.Runner.Start(scene.Owner, prompt, Never)).Value;
        await run.Completion;
        return run;
    }
}
