using Portal.Inference.Text;

namespace Portal.Prompts.Requests;

/// <param name="Messages">The conversation; the answer continues after the last.</param>
/// <param name="MaxTokens">Output tokens at most; null: <see cref="PromptLimits.MaxTokensDefault"/>, or what the context leaves.</param>
public sealed record TextPrompt(Guid Id, string Model, IReadOnlyList<ChatMessage> Messages, int? MaxTokens = null) : PromptRequest(Id, Model)
{
    public Sampling Sampling { get; init; } = new();

    /// <summary>How many likely tokens to report beside each one of the answer, <see cref="PromptLimits.LikelihoodsMax"/> at most; null: nothing of the kind.</summary>
    public int? Likelihoods { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];
}
