using Portal.Inference;
using Portal.Inference.Text;
using Portal.Prompts.Requests;

namespace Portal.Tests.Prompts;

public sealed class PromptChecksTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData("a\0b\u0007c\u009bd", "abcd")]
    [InlineData("one\r\ntwo\tthree", "one\ntwo\tthree")]
    public void Control_characters_do_not_reach_the_model(string typed, string cleaned) => Assert.Equal(cleaned, PromptChecks.Clean(typed));

    [Fact]
    public void Half_a_character_becomes_the_sign_for_an_unreadable_one() =>
        Assert.Equal("half \ufffd, whole \ud83d\ude00", PromptChecks.Clean("half \ud83d, whole \ud83d\ude00"));

    public static TheoryData<TextPrompt, string> WrongTexts => new()
    {
        { Text(""), "prompt.empty" },
        { Text(" \n\t "), "prompt.empty" },
        { Text("\0\u0001"), "prompt.empty" },
        { Text(new string('x', 20_001)), "prompt.too-long" },
        { Text("x") with { Messages = [] }, "prompt.messages" },
        { Text("x") with { Messages = [new ChatMessage("robot", "x")] }, "prompt.messages" },
        { Text("x") with { Messages = [.. Enumerable.Repeat(new ChatMessage("user", "x"), 201)] }, "prompt.messages" },
        { Text("x") with { Sampling = new() { Temperature = float.NaN } }, "prompt.range" },
        { Text("x") with { Sampling = new() { Temperature = 2.1f } }, "prompt.range" },
        { Text("x") with { Sampling = new() { TopP = -1 } }, "prompt.range" },
        { Text("x") with { Sampling = new() { TopP = float.PositiveInfinity } }, "prompt.range" },
        { Text("x") with { Stop = [""] }, "prompt.stop" },
        { Text("x") with { Stop = ["1", "2", "3", "4", "5"] }, "prompt.stop" },
        { Text("x") with { MaxTokens = 0 }, "prompt.max-tokens" },
        { Text("x") with { MaxTokens = -5 }, "prompt.max-tokens" },
        { Text("x") with { MaxTokens = int.MaxValue }, "prompt.max-tokens" },
        { Text(string.Join(' ', Enumerable.Repeat("x", 512))), "prompt.context" },
        { Text("x") with { Model = "gpt-9" }, "model.unknown" },
        { Text("x") with { Model = "shapes" }, "model.not-text" },
    };

    public static TheoryData<ImagePrompt, string> WrongImages => new()
    {
        { Image("  "), "prompt.empty" },
        { Image(new string('x', 20_001)), "prompt.too-long" },
        { Image(string.Join(' ', Enumerable.Repeat("x", 49))), "prompt.context" },
        { Image("x") with { Guidance = 1, NegativeText = string.Join(' ', Enumerable.Repeat("x", 49)) }, "prompt.context" },
        { Image("x") with { Width = 65 }, "prompt.size" },
        { Image("x") with { Height = 16_384 }, "prompt.size" },
        { Image("x") with { Width = -64 }, "prompt.size" },
        { Image("x") with { Steps = 0 }, "prompt.steps" },
        { Image("x") with { Steps = 51 }, "prompt.steps" },
        { Image("x") with { Count = 0 }, "prompt.count" },
        { Image("x") with { Count = 5 }, "prompt.count" },
        { Image("x") with { Model = "guide" }, "model.not-image" },
    };

    [Theory, MemberData(nameof(WrongTexts))]
    public Task A_wrong_text_prompt_is_refused_before_anything_is_reserved(TextPrompt prompt, string code) => IsRefused(prompt, code);

    [Theory, MemberData(nameof(WrongImages))]
    public Task A_wrong_image_prompt_is_refused_before_anything_is_reserved(ImagePrompt prompt, string code) => IsRefused(prompt, code);

    [Theory]
    [InlineData(ModelState.Loading, "model.loading")]
    [InlineData(ModelState.Unavailable, "model.unavailable")]
    public async Task F22_A_model_that_is_not_ready_is_refused_and_nothing_is_charged(ModelState state, string code)
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Statuses.Add(new("broken", ModelKind.Text, state, "the file is cut off"));

        var refused = await scene.Runner.Start(scene.Owner, PromptScene.Say("hello") with { Model = "broken" }, Never);

        Assert.Equal(new Refusal(code, "broken"), refused.Refusal);
    }

    [Fact]
    public async Task A_prompt_that_is_too_long_is_told_both_figures()
    {
        await using var scene = await PromptScene.Start(yuan: 1);

        var refused = await scene.Runner.Start(scene.Owner, Text(new string('好', 100_000)), Never);

        Assert.Equal(new Refusal("prompt.too-long", "100,000", "20,000"), refused.Refusal);
    }

    private static TextPrompt Text(string prompt) => PromptScene.Say(prompt);

    private static ImagePrompt Image(string prompt) => PromptScene.Draw() with { Text = prompt };

    private static async Task IsRefused(PromptRequest prompt, string code)
    {
        await using var scene = await PromptScene.Start(yuan: 1);

        var started = await scene.Runner.Start(scene.Owner, prompt, Never);
        var previewed = await scene.Runner.Preview(scene.Owner, prompt);

        Assert.Equal((code, code), (started.Refusal?.Code, previewed.Refusal?.Code));
        Assert.Null(await scene.HoldOf(prompt.Id));
    }
}
