namespace Portal.Inference;

/// <summary>A prompt has more tokens than the model reads, or leaves no room for an answer in its context. Nothing was generated.</summary>
public sealed class PromptTooLongException(int inputTokens, int contextLength)
    : Exception($"The prompt has {inputTokens} tokens, too many for the model's context of {contextLength}.")
{
    public int InputTokens { get; } = inputTokens;

    /// <summary>Of a text model input and output tokens together, at most; of an image model those of a prompt.</summary>
    public int ContextLength { get; } = contextLength;
}
