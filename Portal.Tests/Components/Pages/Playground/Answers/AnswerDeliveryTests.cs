using Bunit;
using Portal.Components.Pages.Playground;
using Portal.Components.Pages.Playground.Answers;
using Portal.Components.Pages.Playground.Chats;
using Portal.Prompts.Api.Rates;
using Portal.Prompts.Chats;
using Portal.Prompts.Requests;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Components.Pages.Playground.Answers;

public sealed class AnswerDeliveryTests : ComponentTest
{
    [Fact]
    public async Task What_comes_within_a_frame_is_drawn_together()
    {
        await using var scene = await Scene(words: 200);
        var (answer, drawn) = (NewAnswer(scene), 0);
        answer.Changed += () => drawn++;
        scene.Text.Say(200);

        await Send(scene, answer, CancellationToken.None);

        // The time stands still: what is drawn is the end of the text, of the model and of the charge.
        Assert.InRange(drawn, 1, 3);
        Assert.Equal(200, answer.Receipt!.Usage.OutputTokens);
        Assert.EndsWith("word199 ", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_delivered_before_a_stop_is_there_with_its_receipt()
    {
        await using var scene = await Scene(words: 200);
        var answer = NewAnswer(scene);
        using var stop = new CancellationTokenSource();
        scene.Text.Say(2);

        var sending = Send(scene, answer, stop.Token);
        await Until.TrueAsync("two words are there", () => Task.FromResult(answer.Version == 2));
        await stop.CancelAsync();
        await sending;

        Assert.Equal(("word0 word1 ", 2), (answer.Text, answer.Receipt!.Usage.OutputTokens));
        Assert.True(answer.Done);
    }

    [Fact]
    public async Task The_speed_is_that_of_the_model_that_answered_whatever_name_it_was_asked_by()
    {
        await using var scene = await Scene(words: 2);
        var (answer, speeds) = (NewAnswer(scene, "flagship"), new AnswerSpeeds());
        await using var script = new PlaygroundScript(JSInterop.JSRuntime);
        var sending = Delivery(scene, script, speeds: speeds).Send(
            scene.Owner, PromptScene.Say("how", 300, answer.Id) with { Model = "flagship" }, answer, () => Task.CompletedTask, CancellationToken.None);
        scene.Text.Say(1);
        await Until.TrueAsync("the first word is there", () => Task.FromResult(answer.Version == 1));
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        scene.Text.Say(1);

        Assert.Null(await sending);
        Assert.Equal((1.0, null), (speeds.Of("guide"), speeds.Of("flagship")));
    }

    [Fact]
    public async Task A_stop_before_it_is_paid_for_says_that_nothing_was_charged()
    {
        await using var scene = await Scene(words: 1);
        var answer = NewAnswer(scene);
        await using var script = new PlaygroundScript(JSInterop.JSRuntime);

        var refused = await Delivery(scene, script).Send(scene.Owner, PromptScene.Say("how", 300, answer.Id), answer, () => Task.CompletedTask, new CancellationToken(canceled: true));

        Assert.Equal(new Refusal("prompt.stopped"), refused);
        Assert.Null(await scene.HoldOf(answer.Id));
    }

    [Fact]
    public async Task Who_sends_faster_than_a_key_may_is_refused_before_anything_is_held()
    {
        await using var scene = await Scene(words: 1);
        var (answer, rates) = (NewAnswer(scene), new RequestRates(scene.Time));
        await using var script = new PlaygroundScript(JSInterop.JSRuntime);
        scene.Text.Say(1);
        Assert.Null(rates.Take(RateRule.Prompts, scene.Owner.PersonId.ToString(), RateRule.Requests.Burst));

        var refused = await Delivery(scene, script, rates).Send(
            scene.Owner, PromptScene.Say("how", 300, answer.Id), answer, () => Task.CompletedTask, CancellationToken.None);

        Assert.Equal(new Refusal("rate.prompts", "60", "100"), refused);
        Assert.Null(await scene.HoldOf(answer.Id));
    }

    [Fact]
    public async Task A_drawing_whose_picture_does_not_reach_the_browser_ends_with_its_receipt()
    {
        await using var scene = await Scene(words: 0);
        var answer = NewAnswer(scene);
        var module = JSInterop.SetupModule("./Components/Pages/Playground/Playground.razor.js");
        module.Setup<string>("keep", _ => true).SetCanceled();
        scene.Images.Step(9);

        await Send(scene, answer, PromptScene.Draw() with { Id = answer.Id }, CancellationToken.None);

        Assert.True(answer.Done);
        Assert.NotNull(answer.Receipt);
        Assert.Empty(answer.Pictures);
    }

    [Fact]
    public async Task A_long_conversation_holds_no_more_than_is_kept_of_one()
    {
        await using var scene = await Scene(words: 3);
        var thread = new ChatThread();
        for (var turn = 0; turn < ChatLimits.TurnsMax + 20; turn++)
        {
            var answer = NewAnswer(scene);
            thread.Add(new Turn($"prompt {turn}", answer), null);
            scene.Text.Say(3);
            await Send(scene, answer, CancellationToken.None);
        }

        Assert.Equal(ChatLimits.TurnsMax, thread.Turns.Count);
        Assert.Equal("prompt 20", thread.Turns[0].Prompt);
        Assert.All(thread.Turns, turn => Assert.Equal("word0 word1 word2 ", turn.Answer.Text));
    }

    [Fact]
    public void Long_answers_count_by_their_characters()
    {
        var thread = new ChatThread();
        for (var turn = 0; turn < 10; turn++) thread.Add(new Turn(new string('x', 90_000), new Answer(Guid.NewGuid(), "guide", Time.GetUtcNow())), null);

        Assert.Equal(4, thread.Turns.Count);
    }

    private static Task<PromptScene> Scene(int words) => PromptScene.Start(yuan: 100, text: new ScriptedText { Words = [.. Enumerable.Range(0, words).Select(w => $"word{w} ")] });

    private static Answer NewAnswer(PromptScene scene, string model = "guide") => new(Guid.NewGuid(), model, scene.Time.GetUtcNow());

    private static AnswerDelivery Delivery(PromptScene scene, PlaygroundScript script, RequestRates? rates = null, AnswerSpeeds? speeds = null) =>
        new(scene.Runner, scene.NewAdvice(), rates ?? new RequestRates(scene.Time), speeds ?? new AnswerSpeeds(), script, scene.Time);

    private Task Send(PromptScene scene, Answer answer, CancellationToken stop) => Send(scene, answer, PromptScene.Say("how", 300, answer.Id), stop);

    private async Task Send(PromptScene scene, Answer answer, PromptRequest request, CancellationToken stop)
    {
        await using var script = new PlaygroundScript(JSInterop.JSRuntime);
        Assert.Null(await Delivery(scene, script).Send(scene.Owner, request, answer, () => Task.CompletedTask, stop));
    }
}
