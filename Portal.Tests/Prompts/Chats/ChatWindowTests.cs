using Portal.Prompts.Chats;
using Portal.Prompts.Requests;

namespace Portal.Tests.Prompts.Chats;

/// <summary>A word is a token of the scripted model.</summary>
public sealed class ChatWindowTests
{
    private static readonly (string, string)[] Turns = [("one two", "three four"), ("five six", "seven eight")];

    [Theory]
    [InlineData(100, 10, 0)]
    [InlineData(20, 10, 0)]
    [InlineData(18, 10, 1)]
    [InlineData(11, 10, 1)]
    [InlineData(10, 100, 2)]
    [InlineData(4, 4, 2)]
    public void The_oldest_turns_are_left_out_until_the_rest_and_the_answer_fit(int context, int maxTokens, int leftOut)
    {
        var window = ChatWindow.Fit("", Turns, "nine ten", new ScriptedText { ContextLength = context }, maxTokens);

        Assert.Equal(leftOut, window.LeftOut);
        Assert.Equal((2 * (2 - leftOut)) + 1, window.Messages.Count);
        Assert.Equal(("user", "nine ten"), (window.Messages[^1].Role, window.Messages[^1].Content));
    }

    [Fact]
    public void Each_turn_is_a_message_of_the_person_and_one_of_the_model_after_the_system_prompt()
    {
        var window = ChatWindow.Fit("be brief", Turns, "nine", null, 10);

        Assert.Equal(["system", "user", "assistant", "user", "assistant", "user"], window.Messages.Select(m => m.Role));
        Assert.Equal("be brief", window.Messages[0].Content);
        Assert.Equal("three four", window.Messages[2].Content);
    }

    [Fact]
    public void While_its_model_is_let_go_everything_that_any_model_takes_goes_along() =>
        Assert.Equal(0, ChatWindow.Fit("", Turns, "nine", new ScriptedText { ContextLength = 4, CountsLeft = 0 }, 4).LeftOut);

    [Fact]
    public void What_its_template_refuses_goes_along_too_so_that_sending_says_why() =>
        Assert.Equal(6, ChatWindow.Fit("be brief", Turns, "nine", new ScriptedText { ContextLength = 4, TakesSystem = false }, 4).Messages.Count);

    [Fact]
    public void No_more_messages_and_characters_are_sent_than_a_request_may_have()
    {
        var many = Enumerable.Repeat(("a", "b"), 150).ToArray();
        var long_ = Enumerable.Repeat((new string('a', 3000), new string('b', 3000)), 10).ToArray();

        Assert.True(ChatWindow.Fit(" ", many, "c", null, 10).Messages.Count is <= PromptLimits.MessagesMax and > PromptLimits.MessagesMax - 2);
        Assert.Equal(7, ChatWindow.Fit("", long_, "c", null, 10).LeftOut);
    }
}
