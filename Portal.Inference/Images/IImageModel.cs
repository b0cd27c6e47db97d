namespace Portal.Inference.Images;

/// <summary>A loaded text-to-image model. Safe for any number of callers at once; equal sizes are drawn together.</summary>
public interface IImageModel
{
    string Id { get; }

    ImageLimits Limits { get; }

    /// <summary>Tokens of a prompt that it reads, at most.</summary>
    int PromptTokensMax { get; }

    /// <summary>Tokens that it reads of a prompt.</summary>
    int CountTokens(string prompt);

    /// <summary>
    /// Streams one <see cref="ImageStep"/> per step, the last with the picture. Cancelling, or leaving the enumeration, stops the work before its next step.
    /// </summary>
    /// <exception cref="ArgumentException">The size or the steps are not within <see cref="Limits"/>.</exception>
    /// <exception cref="PromptTooLongException">On the first move: a prompt has more than <see cref="PromptTokensMax"/> tokens, nothing was drawn.</exception>
    /// <exception cref="ModelBusyException">On the first move: the queue is full, nothing was drawn.</exception>
    /// <exception cref="ModelFailedException">The engine failed, no picture was drawn.</exception>
    IAsyncEnumerable<ImageStep> Generate(ImageRequest request, CancellationToken cancellationToken = default);
}
