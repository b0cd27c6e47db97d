namespace Portal.Inference.Text;

/// <summary>A loaded text model. Safe for any number of callers at once; answers are generated together in one batch.</summary>
public interface ITextModel
{
    string Id { get; }

    /// <summary>Names the files that it was loaded from; another one when they were exchanged.</summary>
    string Version { get; }

    /// <summary>Input and output tokens together, at most.</summary>
    int ContextLength { get; }

    /// <summary>Exactly the input tokens that <see cref="Generate"/> would count for these messages. What was counted is not changed any more: it may be remembered by its list.</summary>
    /// <exception cref="PromptUnfitException">The chat template refuses them.</exception>
    int CountTokens(IReadOnlyList<ChatMessage> messages);

    /// <summary>
    /// Streams the answer. Cancelling, or leaving the enumeration, stops the generation before its next token.
    /// </summary>
    /// <exception cref="ModelBusyException">On the first move: the queue is full, nothing was generated.</exception>
    /// <exception cref="PromptUnfitException">On the first move: the chat template refuses the messages, nothing was generated.</exception>
    /// <exception cref="PromptTooLongException">On the first move: the context has no room for an answer, nothing was generated.</exception>
    /// <exception cref="ModelFailedException">The engine failed; deltas delivered before are valid.</exception>
    IAsyncEnumerable<TextDelta> Generate(TextRequest request, CancellationToken cancellationToken = default);
}
