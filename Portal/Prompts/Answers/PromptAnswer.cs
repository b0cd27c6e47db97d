using System.Text;
using Portal.Billing.Rating;
using Portal.Inference.Text;

namespace Portal.Prompts.Answers;

/// <summary>What a running prompt has delivered so far.</summary>
internal sealed class PromptAnswer(Guid id, bool keep)
{
    private readonly StringBuilder text = new();
    private readonly List<TokenChoice> tokens = [];
    private readonly SortedList<int, byte[]> images = [];

    /// <summary>All of it so far, when it is kept.</summary>
    public string Text => text.ToString();

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
        tokens.AddRange(update.Tokens);
        if (update.Png is { } png)
        {
            images[update.Index] = png;
        }
    }

    /// <summary>What was delivered and is charged, however it ended; null when it is not to be kept.</summary>
    public PromptReply? ToReply(PromptFinish finish, PromptPlan plan) =>
        keep && Delivered is { } usage ? new(text.ToString(), [.. images.Values], usage, finish, plan.Route.Model) { Id = id, Cached = plan.Cached, Tokens = tokens } : null;
}
