using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Inference;
using Portal.Inference.Text;
using Portal.Prompts;
using Portal.Prompts.Answers;
using Portal.Prompts.Requests;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts;

public sealed class PromptRunnerTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_prompt_is_paid_with_money_and_leaves_its_usage_and_receipt(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        scene.Text.Say(5);
        var request = PromptScene.Say("how to top up");

        var result = await scene.Run(request);

        Assert.Equal(PromptFinish.Stop, result.Finish);
        Assert.Null(result.Failure);
        Assert.Equal(9 * PromptScene.NanosPerToken, result.Receipt!.ChargedNanos);
        Assert.Equal(1_000_000_000 - (9 * PromptScene.NanosPerToken), (await scene.Wallet()).Spendable.Nanos);
        var usage = await scene.Usage(request.Id);
        Assert.Equal((4, 5, "stop"), (usage!.InputTokens, usage.OutputTokens, usage.Finish));
        Assert.Equal(result.Receipt.ChargedNanos, JsonSerializer.Deserialize<Receipt>(usage.Receipt)!.ChargedNanos);
        Assert.Contains(result.Receipt.Price.Factors, f => f.Name == "prepaid");
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Quota_pays_first_and_money_the_rest(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        await scene.Grant(Unit.Tokens, 6);
        scene.Text.Say(5);

        var receipt = (await scene.Run(PromptScene.Say("how to top up"))).Receipt!;

        Assert.Equal(6, receipt.CoveredUnits);
        Assert.Equal([(LedgerCodes.Allowance, 6), (LedgerCodes.CreditPurchased, 3 * PromptScene.NanosPerToken)], receipt.Parts.Select(p => (p.Source, p.Amount)));
        Assert.Equal(0, (await scene.Wallet()).Available(Unit.Tokens, LedgerCodes.Allowance));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Quota_alone_pays_when_it_is_enough_and_the_unused_part_returns(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider);
        await scene.Grant(Unit.Tokens, 1000);
        scene.Text.Say(5);

        var receipt = (await scene.Run(PromptScene.Say("how to top up", maxTokens: 200))).Receipt!;

        Assert.Equal((9L, 0L), (receipt.CoveredUnits, receipt.ChargedNanos));
        Assert.Equal(991, (await scene.Wallet()).Available(Unit.Tokens, LedgerCodes.Allowance));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B4_A_stream_that_is_stopped_midway_is_charged_for_what_was_delivered(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        using var stop = new CancellationTokenSource();
        var request = PromptScene.Say("how to top up");
        var run = (await scene.Runner.Start(scene.Owner, request, stop.Token)).Value;
        scene.Text.Say(2);
        await run.Updates.ReadAsync(Never);
        await run.Updates.ReadAsync(Never);

        await stop.CancelAsync();
        var result = await run.Completion;

        Assert.Equal(PromptFinish.Cancelled, result.Finish);
        Assert.Equal((4L, 2L), (result.Receipt!.Usage.InputTokens, result.Receipt.Usage.OutputTokens));
        Assert.Equal(6 * PromptScene.NanosPerToken, result.Receipt.ChargedNanos);
        Assert.Equal("cancelled", (await scene.Usage(request.Id))!.Finish);
    }

    [Fact]
    public async Task F20_A_prompt_whose_page_vanished_is_settled_without_anybody_reading_it()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        using var stop = new CancellationTokenSource();
        var request = PromptScene.Say("how to top up");
        Assert.Null((await scene.Runner.Start(scene.Owner, request, stop.Token)).Refusal);
        scene.Text.Say(3);
        await Until.TrueAsync("three words are there", () => Task.FromResult(scene.Text.Said == 3));

        await stop.CancelAsync();

        await Until.TrueAsync("its usage is recorded", async () => await scene.Usage(request.Id) is { OutputTokens: 3 });
        Assert.Equal(HoldState.Posted, await scene.HoldOf(request.Id));
    }

    [Fact]
    public async Task B5_A_prompt_stopped_before_anything_was_delivered_costs_nothing()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        using var stop = new CancellationTokenSource();
        var request = PromptScene.Say("how to top up");
        var run = (await scene.Runner.Start(scene.Owner, request, stop.Token)).Value;

        await stop.CancelAsync();
        var result = await run.Completion;

        Assert.Equal((PromptFinish.Cancelled, null, null), (result.Finish, result.Receipt, result.Failure));
        Assert.Equal(HoldState.Voided, await scene.HoldOf(request.Id));
        Assert.Equal(1_000_000_000, (await scene.Wallet()).Spendable.Nanos);
        Assert.Null(await scene.Usage(request.Id));
    }

    [Fact]
    public async Task B6_Usage_is_the_engines_count_even_when_the_last_piece_never_comes()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Text.Say(4).Fail();

        var result = await scene.Run(PromptScene.Say("how to top up"));

        Assert.Equal((PromptFinish.Failed, "model.failed-midway"), (result.Finish, result.Failure?.Code));
        Assert.Equal(8 * PromptScene.NanosPerToken, result.Receipt!.ChargedNanos);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B7_A_model_that_fails_before_it_delivered_anything_is_not_paid(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        await scene.Grant(Unit.Images, 1);
        scene.Text.Fail();
        scene.Images.Step(3).Fail(new ModelFailedException("shapes"));

        var text = await scene.Run(PromptScene.Say("how to top up"));
        var image = await scene.Run(PromptScene.Draw());

        Assert.Equal(("model.failed", "model.failed"), (text.Failure?.Code, image.Failure?.Code));
        Assert.True(text.Receipt is null && image.Receipt is null);
        Assert.Equal(1_000_000_000, (await scene.Wallet()).Spendable.Nanos);
        Assert.Equal(1, (await scene.Wallet()).Available(Unit.Images, LedgerCodes.Allowance));
    }

    [Fact]
    public async Task An_answer_that_is_handed_over_whole_is_free_when_the_model_fails_midway()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Text.Say(4).Fail();

        var result = await scene.Run(PromptScene.Say("how to top up") with { Whole = true });

        Assert.Equal((null, "model.failed"), (result.Receipt, result.Failure?.Code));
        Assert.Equal(1_000_000_000, (await scene.Wallet()).Spendable.Nanos);
    }

    [Theory]
    [InlineData(true, 5, "stop")]
    [InlineData(true, 2, null)]
    [InlineData(false, 2, "cancelled")]
    public async Task An_answer_handed_over_whole_is_free_when_the_caller_leaves_before_and_what_was_charged_is_kept(bool whole, int words, string? finish)
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        using var stop = new CancellationTokenSource();
        var request = PromptScene.Say("how to top up") with { Whole = whole, Keep = new ReplyKey("key", "hash") };
        var run = (await scene.Runner.Start(scene.Owner, request, stop.Token)).Value;
        scene.Text.Say(words);
        for (var i = 0; i < words; i++) await run.Updates.ReadAsync(Never);
        if (finish == "stop") await run.Completion;

        await stop.CancelAsync();
        var result = await run.Completion;

        Assert.Equal(finish, (await scene.Usage(request.Id))?.Finish);
        Assert.Equal(finish is null, result.Receipt is null);
        await using var db = scene.Database.Open();
        Assert.Equal(finish is not null, await db.IdempotencyRecords.AnyAsync(r => r.Key == "key", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(false, 1, "prompt.stopped-midway")]
    [InlineData(false, 0, "model.unavailable")]
    [InlineData(true, 1, "model.unavailable")]
    public async Task A_model_that_is_taken_out_of_service_under_an_answer_says_what_was_charged(bool whole, int words, string why)
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Text.Say(words).Fail(new ModelUnloadedException("guide"));

        var result = await scene.Run(PromptScene.Say("how to top up") with { Whole = whole });

        Assert.Equal((why, why == "prompt.stopped-midway" ? 1 : null), (result.Failure?.Code, result.Receipt?.Usage.OutputTokens));
    }

    [Fact]
    public async Task A_conversation_that_the_models_template_refuses_is_refused_and_holds_nothing()
    {
        await using var scene = await PromptScene.Start(yuan: 1, text: new ScriptedText { TakesSystem = false });
        var request = PromptScene.Say("how to top up") with { Messages = [new ChatMessage("system", "be brief"), new ChatMessage("user", "how to top up")] };

        var started = await scene.Runner.Start(scene.Owner, request, Never);
        var previewed = await scene.Runner.Preview(scene.Owner, request);

        Assert.Equal((new Refusal("prompt.template", "guide"), new Refusal("prompt.template", "guide")), (started.Refusal, previewed.Refusal));
        Assert.Null(await scene.HoldOf(request.Id));
    }

    [Fact]
    public async Task A_busy_model_is_not_paid()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Text.Fail(new ModelBusyException("guide"));

        var result = await scene.Run(PromptScene.Say("how to top up"));

        Assert.Equal((null, "model.busy"), (result.Receipt, result.Failure?.Code));
        Assert.Equal(1_000_000_000, (await scene.Wallet()).Spendable.Nanos);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Sending_the_same_form_twice_at_once_runs_and_charges_it_once(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        scene.Text.Say(5);
        var request = PromptScene.Say("how to top up");

        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => scene.Runner.Start(scene.Owner, request, Never))));

        Assert.Equal(7, started.Count(s => s.Refusal?.Code == "request.duplicate"));
        await started.Single(s => s.Refusal is null).Value.Completion;
        await using var db = scene.Database.Open();
        Assert.Equal(1, await db.UsageRecords.CountAsync(TestContext.Current.CancellationToken));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_student_draws_on_the_seat_and_is_refused_when_it_is_used_up(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        await scene.Grant(Unit.Tokens, 1000, LedgerCodes.Pool);
        var student = await scene.Student();
        await scene.Grant(Unit.Tokens, 12, LedgerCodes.Seat, student.MembershipId);
        scene.Text.Say(5);

        var first = await scene.Run(PromptScene.Say("how to top up"), student);
        var second = await scene.Runner.Start(student, PromptScene.Say("how to top up"), Never);

        Assert.Equal([(LedgerCodes.Seat, 9L)], first.Receipt!.Parts.Select(p => (p.Source, p.Amount)));
        Assert.Equal(new Refusal("seat.short.tokens", "9", "3"), second.Refusal);
        Assert.Equal(1_000_000_000, (await scene.Wallet()).Spendable.Nanos);
    }

    [Fact]
    public async Task Without_enough_money_nothing_runs_and_the_refusal_has_both_figures()
    {
        await using var scene = await PromptScene.Start(yuan: 0.00001m);

        var refused = await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up"), Never);

        Assert.Equal(new Refusal("funds.short", "0.0000486", "0.00001"), refused.Refusal);
        Assert.Null(scene.Text.Last);
    }

    [Theory]
    [InlineData(false, 1, "prompt.stopped-midway")]
    [InlineData(false, 0, "prompt.stopped")]
    [InlineData(true, 1, "prompt.stopped")]
    public async Task What_runs_is_stopped_and_settled_when_the_portal_stops_and_says_so(bool whole, int words, string why)
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var run = (await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up") with { Whole = whole }, Never)).Value;
        scene.Text.Say(words);
        for (var i = 0; i < words; i++) await run.Updates.ReadAsync(Never);

        scene.Host.StopApplication();
        await scene.Runner.StopAsync(Never);

        Assert.True(run.Completion.IsCompletedSuccessfully);
        var result = await run.Completion;
        Assert.Equal((PromptFinish.Cancelled, why), (result.Finish, result.Failure?.Code));
        Assert.Equal(why == "prompt.stopped-midway" ? 1 : null, result.Receipt?.Usage.OutputTokens);
    }

    [Fact]
    public async Task A_prompt_is_stopped_and_charged_before_its_hold_expires()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var run = (await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up"), Never)).Value;
        scene.Text.Say(1);
        await run.Updates.ReadAsync(Never);

        scene.Time.Advance(TimeSpan.FromMinutes(9));
        var result = await run.Completion;

        Assert.Equal((PromptFinish.TimedOut, 1L), (result.Finish, result.Receipt!.Usage.OutputTokens));
    }
}
