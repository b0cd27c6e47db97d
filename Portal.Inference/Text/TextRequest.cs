namespace Portal.Inference.Text;

/// <param name="Messages">At least one; the answer continues after the last.</param>
/// <param name="MaxTokens">Output tokens at most, the end-of-turn token included; from 1. The model's context can end the answer earlier.</param>
public sealed record TextRequest(IReadOnlyList<ChatMessage> Messages, int MaxTokens)
{
    /// <summary>0 takes the likeliest token each time (the default); higher values vary more. From 0 to 2.</summary>
    public float Temperature { get; init; }

    /// <summary>Draws from the likeliest tokens that together reach this probability, above 0 to 1. 1 draws from all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Draws from this many of the likeliest tokens. 0 draws from all.</summary>
    public int TopK { get; init; }

    /// <summary>The same seed and request give the same answer; null takes a fresh one.</summary>
    public long? Seed { get; init; }

    /// <summary>The answer ends before the first of these strings, which is not part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];
}
