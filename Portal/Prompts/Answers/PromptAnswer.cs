using System.Text;
using Portal.Billing.Rating;

namespace Portal.Prompts.Answers;

/// <summary>What a running prompt has delivered so far.</summary>
internal sealed class PromptAnswer(bool keep)
{
    private readonly StringBuilder text = new();
    private readonly SortedList<int, byte[]> images = [];

    /// <summary>What would be charged now; null while nothing was delivered.</summary>
    public MeteredUsage? Delivered { get; private set; }

    /// <summary>How the model ended it; null while it has not.</summary>
    public PromptFinish? Finish { get; private set; }

    public void Add(PromptUpdate update)
    {
        Delivered = update.Delivered ?? Delivered;
        Finish = update.Finish ?? Finish;
        if (!keep)
        {
            return;
        }

        text.Append(update.Text);
        if (update.Png is { } png)
        {
            images[update.Index] = png;
        }
    }

    /// <summary>Null when it is not to be kept: only an answer that was given to its end, the hold's own included, may be given again.</summary>
    public PromptReply? ToReply(PromptFinish finish, string model) => keep && (finish is PromptFinish.Stop or PromptFinish.Length or PromptFinish.TimedOut) && Delivered is { } usage ? new(text.ToString(), [.. images.Values], usage, finish, model) : null;
}
