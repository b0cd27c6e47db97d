using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Accounts.Keys;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Prompts;
using Portal.Prompts.Answers;
using Portal.Support;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts;

public sealed class StandingWatchTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    /// <summary>Every way in which somebody loses the right to go on.</summary>
    public static TheoryData<DatabaseProvider, string> Losses
    {
        get
        {
            var data = new TheoryData<DatabaseProvider, string>();
            foreach (var provider in Databases.All)
            {
                foreach (var loss in (string[])["key", "expiry", "rotation", "person", "seat"]) data.Add(provider.Data, loss);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Losses))]
    public async Task F25_A_running_prompt_is_stopped_within_five_seconds_of_the_loss_and_charged_for_what_was_delivered(DatabaseProvider provider, string loss)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        var keys = new ApiKeys(scene.Database.Factory, scene.Time, new KeyDoor(scene.Database.Factory, scene.Time));
        var made = (await keys.Create(scene.Owner, new KeyTerms("script") { ExpiresAt = scene.Time.GetUtcNow().AddHours(1) })).Value;
        var caller = (await new KeyDoor(scene.Database.Factory, scene.Time).Open(made.Secret)).Value;
        using var watch = new StandingWatch(scene.Runner, scene.Time, NullLogger<StandingWatch>.Instance);
        await watch.StartAsync(Never);
        var request = PromptScene.Say("how to top up");
        var run = (await scene.Runner.Start(caller, request, Never)).Value;
        scene.Text.Say(2);
        await run.Updates.ReadAsync(Never);
        await run.Updates.ReadAsync(Never);

        await Lose(scene, keys, caller, loss);
        scene.Time.Advance(TimeSpan.FromSeconds(5));
        var result = await run.Completion;

        Assert.Equal((PromptFinish.Cancelled, "prompt.access-ended"), (result.Finish, result.Failure?.Code));
        Assert.Equal(6 * PromptScene.NanosPerToken, result.Receipt!.ChargedNanos);
        Assert.Equal(1_000_000_000 - (6 * PromptScene.NanosPerToken), (await scene.Wallet()).Spendable.Nanos);
        Assert.Equal((HoldState.Posted, "cancelled"), (await scene.HoldOf(request.Id), (await scene.Usage(request.Id))!.Finish));
        await watch.StopAsync(Never);
    }

    [Fact]
    public async Task F25_Whoever_still_may_is_not_interrupted_by_the_end_of_anothers_key()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var keys = new ApiKeys(scene.Database.Factory, scene.Time, new KeyDoor(scene.Database.Factory, scene.Time));
        var revoked = scene.Owner with { ApiKeyId = (await keys.Create(scene.Owner, new KeyTerms("revoked"))).Value.Id };
        var kept = scene.Owner with { ApiKeyId = (await keys.Create(scene.Owner, new KeyTerms("kept"))).Value.Id };
        var ended = (await scene.Runner.Start(revoked, PromptScene.Say("how to top up"), Never)).Value;
        var other = (await scene.Runner.Start(kept, PromptScene.Say("how to top up"), Never)).Value;
        await keys.Revoke(scene.Owner, revoked.ApiKeyId.Value);

        await scene.Runner.StopTheUnwelcome();

        var result = await ended.Completion;
        Assert.Equal((PromptFinish.Cancelled, null), (result.Finish, result.Receipt));
        scene.Text.Say(5);
        Assert.Equal((PromptFinish.Stop, null), ((await other.Completion).Finish, (await other.Completion).Failure));
    }

    [Fact]
    public async Task F25_An_answer_that_would_be_handed_over_whole_is_free_when_its_caller_is_stopped()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var run = (await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up") with { Whole = true }, Never)).Value;
        scene.Text.Say(2);
        await run.Updates.ReadAsync(Never);
        await Lose(scene, new ApiKeys(scene.Database.Factory, scene.Time, new KeyDoor(scene.Database.Factory, scene.Time)), scene.Owner, "person");

        await scene.Runner.StopTheUnwelcome();

        Assert.Equal((null, "prompt.access-ended"), ((await run.Completion).Receipt, (await run.Completion).Failure?.Code));
        Assert.Equal(1_000_000_000, (await scene.Wallet()).Spendable.Nanos);
    }

    private static async Task Lose(PromptScene scene, ApiKeys keys, Caller caller, string what)
    {
        await using var db = scene.Database.Open();
        switch (what)
        {
            case "key":
                Assert.Null((await keys.Revoke(scene.Owner, caller.ApiKeyId!.Value)).Refusal);
                break;
            case "expiry":
                await db.ApiKeys.ExecuteUpdateAsync(set => set.SetProperty(k => k.ExpiresAt, scene.Time.GetUtcNow().AddSeconds(1)));
                break;
            case "rotation":
                Assert.Null((await keys.Rotate(scene.Owner, caller.ApiKeyId!.Value, TimeSpan.FromSeconds(1))).Refusal);
                break;
            case "person":
                var staff = scene.Owner with { PersonId = Guid.NewGuid(), IsAdministrator = true };
                Assert.Null((await new PersonLocks(scene.Database.Factory, scene.Time).Lock(staff, caller.PersonId, "a stolen laptop")).Refusal);
                break;
            default:
                await db.Memberships.Where(m => m.Id == caller.MembershipId).ExecuteUpdateAsync(set => set.SetProperty(m => m.RemovedAt, scene.Time.GetUtcNow()));
                break;
        }
    }
}
