using Portal.Inference.Text;

namespace Portal.Prompts.Requests;

/// <param name="Messages">The conversation; the answer continues after the last.</param>
/// <param name="MaxTokens">Output tokens at most; null: <see cref="PromptLimits.MaxTokensDefault"/>, or what the context leaves.</param>
public sealed record TextPrompt(Guid Id, string Model, IReadOnlyList<ChatMessage> Messages, int? MaxTokens = null) : PromptRequest(Id, Model)
{
    /// <summary>From 0 to 2.</summary>
    public float Temperature { get; init; }

    /// <summary>Above 0, at most 1.</summary>
    public float TopP { get; init; } = 1;

    public long? Seed { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];
}
