namespace Portal.Inference;

/// <summary>A prompt leaves no room for an answer in the model's context. Nothing was generated.</summary>
public sealed class PromptTooLongException(int inputTokens, int contextLength)
    : Exception($"The prompt has {inputTokens} tokens; the model's context of {contextLength} must hold prompt and answer.")
{
    public int InputTokens { get; } = inputTokens;

    /// <summary>Input and output tokens together, at most.</summary>
    public int ContextLength { get; } = contextLength;
}
