using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data.Billing;
using Portal.Prompts;
using Portal.Prompts.Answers;
using Portal.Prompts.Requests;
using Portal.Tests.Faults;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts;

public sealed class PromptSettlerTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task F7_A_charge_that_was_committed_without_an_answer_is_looked_up_and_not_made_again()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var flaky = new FlakyDatabase(scene.Database.ConnectionString);
        var run = (await scene.NewRunner(LedgerOn(flaky, scene)).Start(scene.Owner, PromptScene.Say("how to top up"), Never)).Value;
        flaky.LoseAfter = 1;
        scene.Text.Say(5);

        var result = await run.Completion;

        Assert.Equal((PromptFinish.Stop, null), (result.Finish, result.Failure));
        Assert.Equal(9 * PromptScene.NanosPerToken, result.Receipt!.ChargedNanos);
        Assert.Equal(1_000_000_000 - (9 * PromptScene.NanosPerToken), (await scene.Wallet()).Spendable.Nanos);
        await using var db = scene.Database.Open();
        Assert.Equal(9, (await db.Counters.SingleAsync(TestContext.Current.CancellationToken)).Used);
    }

    [Fact]
    public async Task F7_A_charge_that_was_not_committed_is_made_once_it_is_known()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var flaky = new FlakyDatabase(scene.Database.ConnectionString);
        var run = (await scene.NewRunner(LedgerOn(flaky, scene)).Start(scene.Owner, PromptScene.Say("how to top up"), Never)).Value;
        flaky.LoseBefore = 1;
        scene.Text.Say(5);

        var result = await run.Completion;

        Assert.Equal(9 * PromptScene.NanosPerToken, result.Receipt!.ChargedNanos);
        Assert.Equal(1_000_000_000 - (9 * PromptScene.NanosPerToken), (await scene.Wallet()).Spendable.Nanos);
    }

    [Fact]
    public async Task F7_A_hold_whose_commit_was_not_answered_is_found_to_be_made_and_its_prompt_runs()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var flaky = new FlakyDatabase(scene.Database.ConnectionString) { LoseAfter = 1 };
        var request = PromptScene.Say("how to top up");

        var run = (await scene.NewRunner(LedgerOn(flaky, scene)).Start(scene.Owner, request, Never)).Value;
        scene.Text.Say(5);

        Assert.NotNull((await run.Completion).Receipt);
        Assert.Equal(HoldState.Posted, await scene.HoldOf(request.Id));
    }

    [Fact]
    public async Task A_hold_that_is_on_its_way_to_the_disk_when_the_portal_stops_is_released_before_it_ends()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var written = new TaskCompletionSource();
        var flaky = new FlakyDatabase(scene.Database.ConnectionString) { Gate = written.Task };
        var (runner, request) = (scene.NewRunner(LedgerOn(flaky, scene)), PromptScene.Say("how to top up"));
        var starting = runner.Start(scene.Owner, request, Never);
        await Until.TrueAsync("its hold is being written", () => Task.FromResult(flaky.Begun == 1));

        scene.Host.StopApplication();
        var stopping = runner.StopAsync(Never);
        Assert.False(stopping.IsCompleted);
        written.SetResult();
        await stopping;

        Assert.Equal(HoldState.Voided, await scene.HoldOf(request.Id));
        Assert.Equal("prompt.stopped", (await (await starting).Value.Completion).Failure?.Code);
        Assert.Equal("prompt.stopped", (await runner.Start(scene.Owner, PromptScene.Say("once more"), Never)).Refusal?.Code);
    }

    [Fact]
    public async Task F7_A_hold_that_was_not_committed_is_refused_and_nothing_runs()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var flaky = new FlakyDatabase(scene.Database.ConnectionString) { LoseBefore = 1 };
        var request = PromptScene.Say("how to top up");

        var refused = await scene.NewRunner(LedgerOn(flaky, scene)).Start(scene.Owner, request, Never);

        Assert.Equal("ledger.unavailable", refused.Refusal?.Code);
        Assert.Null(await scene.HoldOf(request.Id));
        Assert.Null(scene.Text.Last);
    }

    [Fact]
    public async Task F7_A_repetition_under_a_key_whose_commit_is_in_doubt_leaves_the_first_requests_hold_alone()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var request = PromptScene.Say("how to top up") with { Keep = new ReplyKey("key", "hash") };
        var first = (await scene.Runner.Start(scene.Owner, request, Never)).Value;

        // The commit, and every look for whether it took place.
        var flaky = new FlakyDatabase(scene.Database.ConnectionString) { LoseBefore = 6 };
        var again = await scene.NewRunner(LedgerOn(flaky, scene)).Start(scene.Owner, request, Never);
        scene.Text.Say(5);

        Assert.Equal("ledger.unknown", again.Refusal?.Code);
        Assert.Equal(9 * PromptScene.NanosPerToken, (await first.Completion).Receipt?.ChargedNanos);
    }

    [Theory]
    [InlineData(true, 9 * PromptScene.NanosPerToken)]
    [InlineData(false, 0)]
    public async Task What_ends_while_the_database_is_away_for_longer_is_charged_or_released_when_it_is_back(bool delivered, long charged)
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var flaky = new FlakyDatabase(scene.Database.ConnectionString);
        using var stop = new CancellationTokenSource();
        var run = (await scene.NewRunner(LedgerOn(flaky, scene)).Start(scene.Owner, PromptScene.Say("how to top up"), stop.Token)).Value;
        flaky.Away = true;
        if (delivered) scene.Text.Say(5);
        else await stop.CancelAsync();

        await Until.TrueAsync("it was tried often", () =>
        {
            scene.Time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(flaky.Denied > 8 || run.Completion.IsCompleted);
        });
        flaky.Away = false;
        await Ended(scene, run, TimeSpan.FromSeconds(1));

        Assert.Null((await run.Completion).Failure);
        Assert.Equal(1_000_000_000 - charged, (await scene.Wallet()).Spendable.Nanos);
    }

    [Fact]
    public async Task A_portal_that_stops_tries_a_charge_for_seconds_only()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var flaky = new FlakyDatabase(scene.Database.ConnectionString);
        var request = PromptScene.Say("how to top up");
        var run = (await scene.NewRunner(LedgerOn(flaky, scene)).Start(scene.Owner, request, Never)).Value;
        flaky.Away = true;
        scene.Text.Say(5);
        await Until.TrueAsync("it is being charged", () => Task.FromResult(flaky.Denied > 0));
        scene.Host.StopApplication();

        await Ended(scene, run, TimeSpan.FromSeconds(1));

        Assert.Equal(("prompt.unsettled", 5), ((await run.Completion).Failure?.Code, flaky.Denied));
        flaky.Away = false;
        Assert.Null((await scene.Ledger.Apply(new VoidHold(scene.Owner.AccountId, request.Id), Never)).Refusal);
    }

    [Fact]
    public async Task While_the_database_stays_away_the_charge_is_given_up_and_the_hold_expires_uncharged()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var flaky = new FlakyDatabase(scene.Database.ConnectionString);
        var request = PromptScene.Say("how to top up");
        var run = (await scene.NewRunner(LedgerOn(flaky, scene)).Start(scene.Owner, request, Never)).Value;
        flaky.Away = true;
        scene.Text.Say(5);

        await Ended(scene, run, TimeSpan.FromMinutes(1));

        Assert.Equal("prompt.unsettled", (await run.Completion).Failure?.Code);
        Assert.Equal(HoldState.Open, await scene.HoldOf(request.Id));
        scene.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null((await scene.Ledger.Apply(new ExpireHold(scene.Owner.AccountId, request.Id), Never)).Refusal);
        Assert.Equal(1_000_000_000, (await scene.Wallet()).Spendable.Nanos);
    }

    [Fact]
    public async Task A_charge_that_comes_after_its_hold_expired_is_not_made()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var request = PromptScene.Say("how to top up");
        var run = (await scene.Runner.Start(scene.Owner, request, Never)).Value;
        Assert.Null((await scene.Ledger.Apply(new VoidHold(scene.Owner.AccountId, request.Id), Never)).Refusal);
        scene.Text.Say(5);

        var result = await run.Completion;

        Assert.Equal((null, "hold.resolved"), (result.Receipt, result.Failure?.Code));
        Assert.Equal(1_000_000_000, (await scene.Wallet()).Spendable.Nanos);
    }

    /// <summary>Lets time pass, in such steps, until the prompt has ended.</summary>
    private static Task Ended(PromptScene scene, PromptRun run, TimeSpan step) => Until.TrueAsync("it has ended", () =>
    {
        scene.Time.Advance(step);
        return Task.FromResult(run.Completion.IsCompleted);
    });

    private static LedgerWriter LedgerOn(FlakyDatabase database, PromptScene scene) => new(database, scene.Time, new WalletEvents());
}
