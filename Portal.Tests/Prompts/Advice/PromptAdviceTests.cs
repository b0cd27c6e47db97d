using Portal.Data;
using Portal.Inference.Text;
using Portal.Prompts;
using Portal.Prompts.Advice;
using Portal.Prompts.Marks;
using Portal.Prompts.Routing;
using Portal.Billing.Ledger;
using Portal.Catalog;
using Microsoft.Extensions.Options;

namespace Portal.Tests.Prompts.Advice;

public sealed class PromptAdviceTests
{
    [Fact]
    public void Blanks_go_and_words_stay()
    {
        var ways = PromptTrims.Of([new ChatMessage("user", "  two   words \n\n\n\nand more  ")]);

        Assert.Equal("two words\n\nand more", ways[AdviceKind.Blanks][0].Content);
        Assert.Single(ways);
    }

    [Fact]
    public void Instructions_stay_once_and_the_last_turns_from_a_prompt_on()
    {
        var rule = new ChatMessage("system", "be brief");
        List<ChatMessage> talk = [rule];
        for (var turn = 1; turn <= 6; turn++) talk.AddRange([new ChatMessage("user", $"q{turn}"), new ChatMessage("assistant", $"a{turn}"), rule]);
        talk.Add(new ChatMessage("user", "last"));

        var ways = PromptTrims.Of(talk);

        Assert.Single(ways[AdviceKind.RepeatedInstructions], m => m == rule);
        Assert.Equal(["q4", "a4", "q5", "a5", "q6", "a6", "last"], ways[AdviceKind.OldTurns].Where(m => m != rule).Select(m => m.Content));
        Assert.Empty(PromptTrims.Of([rule, new ChatMessage("user", "short")]));
    }

    [Fact]
    public async Task What_is_saved_is_counted_and_priced_as_the_prompt_was()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var rule = new ChatMessage("system", "four words of rules");
        var prompt = PromptScene.Say("x") with { Messages = [rule, rule, new ChatMessage("user", "a question")] };

        var advice = Assert.Single((await scene.NewAdvice().For(scene.Owner, prompt, 5, TestContext.Current.CancellationToken)).Value);

        Assert.Equal(new AdviceView(AdviceKind.RepeatedInstructions, 4, new Money(4 * PromptScene.NanosPerToken)), advice);
    }

    [Fact]
    public async Task Of_a_prompt_that_a_quota_pays_no_money_is_saved()
    {
        await using var scene = await PromptScene.Start();
        await scene.Grant(Unit.Tokens, 100);
        var rule = new ChatMessage("system", "rules");
        var prompt = PromptScene.Say("x") with { Messages = [rule, rule, new ChatMessage("user", "a question")] };

        var advice = Assert.Single((await scene.NewAdvice().For(scene.Owner, prompt, 5, TestContext.Current.CancellationToken)).Value);

        Assert.Equal((1, 0L), (advice.Tokens, advice.Money.Nanos));
    }

    [Fact]
    public async Task An_answer_whose_model_was_let_go_after_it_is_there_without_advice()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Text.CountsLeft = 1;

        Assert.Empty((await scene.NewAdvice().For(scene.Owner, PromptScene.Say("too   many blanks"), 5, TestContext.Current.CancellationToken)).Value);
    }
}
