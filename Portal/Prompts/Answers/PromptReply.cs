using Portal.Billing.Rating;
using Portal.Inference.Text;

namespace Portal.Prompts.Answers;

/// <summary>An answer as it was delivered, kept for repetitions of its request.</summary>
/// <param name="Model">That gave it; null in answers of before models had other names.</param>
public sealed record PromptReply(string Text, IReadOnlyList<byte[]> Images, MeteredUsage Usage, PromptFinish Finish, string? Model = null)
{
    /// <summary>The prompt's, which the first answer was known by.</summary>
    public Guid Id { get; init; }

    /// <summary>Whether it was an earlier answer itself; null: none was wanted.</summary>
    public bool? Cached { get; init; }

    /// <summary>The client left or the model failed before its end: what had been delivered, and was charged.</summary>
    public bool BrokenOff => Finish is PromptFinish.Cancelled or PromptFinish.Failed;

    /// <summary>How likely the text's tokens were, where the request asked.</summary>
    public IReadOnlyList<TokenChoice> Tokens { get; init; } = [];
}
