using Portal.Inference.Lanes;

namespace Portal.Inference.Text;

/// <param name="Messages">At least one; the answer continues after the last.</param>
/// <param name="MaxTokens">Output tokens at most, the end-of-turn token included; from 1. The model's context can end the answer earlier.</param>
public sealed record TextRequest(IReadOnlyList<ChatMessage> Messages, int MaxTokens)
{
    public Lane Lane { get; init; } = Lane.PayPerUse;

    public Sampling Sampling { get; init; } = new();

    /// <summary>How many likely tokens to report beside each one of the answer; null reports none, 0 the chosen ones alone.</summary>
    public int? Likelihoods { get; init; }

    /// <summary>The answer ends before the first of these strings, which is not part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];
}
