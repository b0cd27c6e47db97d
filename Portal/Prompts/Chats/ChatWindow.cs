using Portal.Inference;
using Portal.Inference.Text;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Chats;

/// <summary>What of a conversation goes along with its next prompt: as many of the latest turns as the model's context has room for.</summary>
/// <param name="Messages">As the model gets them.</param>
/// <param name="LeftOut">How many of the oldest turns are not among them.</param>
public sealed record ChatWindow(IReadOnlyList<ChatMessage> Messages, int LeftOut)
{
    /// <param name="system">Always sent, unless it is blank.</param>
    /// <param name="turns">Prompt and answer, oldest first.</param>
    /// <param name="model">Null while it is not ready: then only what any model has a limit on is left out.</param>
    /// <param name="maxTokens">Of the answer; at most half of the context is kept free for it.</param>
    public static ChatWindow Fit(string system, IReadOnlyList<(string Prompt, string Answer)> turns, string prompt, ITextModel? model, int maxTokens)
    {
        try
        {
            return FitTo(system, turns, prompt, model, maxTokens);
        }
        catch (Exception e) when (e is ModelUnloadedException or PromptUnfitException)
        {
            // It was let go in this moment, or takes no such conversation; sending says so.
            return FitTo(system, turns, prompt, null, maxTokens);
        }
    }

    private static ChatWindow FitTo(string system, IReadOnlyList<(string Prompt, string Answer)> turns, string prompt, ITextModel? model, int maxTokens)
    {
        // The more turns are left out the shorter it is, so the first start that fits is found by halving.
        var (first, last) = (0, turns.Count);
        while (first < last)
        {
            var middle = (first + last) / 2;
            if (Fits(With(system, turns, prompt, middle), model, maxTokens)) last = middle;
            else first = middle + 1;
        }

        return new ChatWindow(With(system, turns, prompt, first), first);
    }

    private static bool Fits(List<ChatMessage> messages, ITextModel? model, int maxTokens) =>
        messages.Count <= PromptLimits.MessagesMax
        && messages.Sum(m => (long)m.Content.Length) <= PromptLimits.CharactersMax
        && (model is null || model.CountTokens(messages) <= model.ContextLength - Math.Min(maxTokens, model.ContextLength / 2));

    private static List<ChatMessage> With(string system, IReadOnlyList<(string Prompt, string Answer)> turns, string prompt, int start)
    {
        var messages = new List<ChatMessage>();
        if (!string.IsNullOrWhiteSpace(system))
        {
            messages.Add(new ChatMessage("system", system));
        }

        foreach (var (asked, answered) in turns.Skip(start))
        {
            messages.Add(new ChatMessage("user", asked));
            messages.Add(new ChatMessage("assistant", answered));
        }

        messages.Add(new ChatMessage("user", prompt));
        return messages;
    }
}
