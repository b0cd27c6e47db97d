using Portal.Components.Pages.Playground.Answers;
using Portal.Prompts.Chats;

namespace Portal.Components.Pages.Playground.Chats;

/// <summary>A prompt of a conversation and its answer.</summary>
public sealed record Turn(string Prompt, Answer Answer)
{
    /// <summary>It goes along with what is asked next.</summary>
    public bool Counts => Answer is { Done: true, Text.Length: > 0 };

    public static Turn Of(KeptTurn kept) => new(kept.Prompt, Answer.Of(kept));

    public KeptTurn ToKept() =>
        new(Answer.Id, Answer.At, Answer.Model, Prompt, Answer.Text, Answer.Finish!.Value, Answer.First ?? TimeSpan.Zero, Answer.Total);
}
