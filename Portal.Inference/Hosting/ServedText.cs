using System.Runtime.CompilerServices;
using Portal.Inference.Text;

namespace Portal.Inference.Hosting;

/// <summary>A text model as the host hands it out: counted, measured, and refusing once it is being unloaded.</summary>
internal sealed class ServedText(ITextModel engine, ModelUse use, ModelCounters counters) : ITextModel
{
    public string Id => engine.Id;

    public string Version => engine.Version;

    public int ContextLength => engine.ContextLength;

    /// <exception cref="ModelUnloadedException">It is being unloaded.</exception>
    public int CountTokens(IReadOnlyList<ChatMessage> messages) => use.During(Id, () => engine.CountTokens(messages));

    /// <exception cref="ModelUnloadedException">On the first move: it is being unloaded. Later: it was, and the answer took longer than it could wait.</exception>
    public async IAsyncEnumerable<TextDelta> Generate(TextRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        use.Enter(Id);
        var (counted, finished) = (counters.Begin(), false);
        try
        {
            await using var deltas = engine.Generate(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await Served.Next(Id, deltas, counted, use))
            {
                counted.Came(deltas.Current.Usage.OutputTokens);
                counted.Tokens(deltas.Current.Usage.InputTokens, deltas.Current.Usage.OutputTokens);
                finished = deltas.Current.Finish is not null;
                yield return deltas.Current;
            }
        }
        finally
        {
            counted.End(finished);
            use.Leave();
        }
    }
}
