using Bunit;
using Portal.Components.Pages.Playground.Answers;
using Portal.Components.Pages.Playground.Chats;
using Portal.Prompts.Answers;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Pages.Playground.Chats;

public sealed class TurnCardTests : ComponentTest
{
    [Fact]
    public void An_answer_draws_its_own_card_and_no_earlier_one()
    {
        var (early, late) = (NewTurn("first"), NewTurn("second"));
        early.Answer.Add(Piece("one"), TimeSpan.Zero);
        var (first, second) = (Card(early), Card(late));
        var before = first.RenderCount;

        for (var piece = 0; piece < 50; piece++)
        {
            late.Answer.Add(Piece($"{piece} "), TimeSpan.Zero);
            second.InvokeAsync(late.Answer.Draw);
            first.Render(set => set.Add(c => c.Turn, early));
        }

        Assert.Equal(before, first.RenderCount);
        Assert.Contains("49", second.Find(".text").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_last_turn_that_has_ended_can_be_asked_again()
    {
        var turn = NewTurn("how?");
        var card = Card(turn);
        Assert.Empty(card.FindAll("button"));

        card.InvokeAsync(() =>
        {
            turn.Answer.Add(Piece("so"), TimeSpan.Zero);
            turn.Answer.Deliver();
            turn.Answer.End(new PromptResult(PromptFinish.Stop, null, null));
            turn.Answer.Draw();
        });

        Assert.Equal("false", card.Find("article").GetAttribute("aria-busy"));
        Assert.Equal(3, card.FindAll("button").Count);
        card.Render(set => set.Add(c => c.Last, false));
        Assert.Single(card.FindAll("button"));
    }

    private IRenderedComponent<TurnCard> Card(Turn turn) => Render<TurnCard>(set => set.Add(c => c.Turn, turn).Add(c => c.Last, true).Add(c => c.Edit, () => { }).Add(c => c.Regenerate, () => { }));

    private Turn NewTurn(string prompt) => new(prompt, new Answer(Guid.NewGuid(), "guide", Time.GetUtcNow()));

    private static PromptUpdate Piece(string text) => new(text, 0, 0, null, null, null);
}
