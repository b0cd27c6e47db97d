using Portal.Billing.Rating;
using Portal.Inference.Images;
using Portal.Inference.Text;

namespace Portal.Prompts.Answers;

/// <summary>A piece of an answer.</summary>
/// <param name="Text">The next characters; empty of pictures.</param>
/// <param name="Step">Of pictures: steps done so far.</param>
/// <param name="Steps">Of pictures: steps of all of them together.</param>
/// <param name="Png">A finished picture.</param>
/// <param name="Delivered">What was consumed up to and including this piece: what would be charged if it were the last. Null while there is nothing.</param>
/// <param name="Finish">Set on the last piece.</param>
public sealed record PromptUpdate(string Text, int Step, int Steps, byte[]? Png, MeteredUsage? Delivered, PromptFinish? Finish)
{
    /// <summary>The tokens of the text, where the request asks how likely they were.</summary>
    public IReadOnlyList<TokenChoice> Tokens { get; init; } = [];

    /// <summary>Of pictures: which of the request's, from 0. They may be finished in another order.</summary>
    public int Index { get; init; }

    /// <summary>Of pictures: what gives the picture again.</summary>
    public int? Seed { get; init; }

    public static PromptUpdate Of(TextDelta delta) => new(
        delta.Text, 0, 0, null, MeteredUsage.Text(delta.Usage.InputTokens, delta.Usage.OutputTokens),
        delta.Finish switch { null => null, FinishReason.Length => PromptFinish.Length, _ => PromptFinish.Stop }) { Tokens = delta.Tokens };

    /// <param name="index">Which picture of <paramref name="count"/>, from 0.</param>
    /// <param name="stepsDone">Of all of them together.</param>
    /// <param name="delivered">Pictures that are finished.</param>
    public static PromptUpdate Of(ImageStep step, int index, int stepsDone, int delivered, int count) => new(
        "", stepsDone, count * step.Steps, step.Png,
        step.Usage is { } usage ? MeteredUsage.Picture(delivered, usage.Width, usage.Height, usage.Steps) : null,
        delivered == count ? PromptFinish.Stop : null) { Index = index, Seed = step.Seed };
}
