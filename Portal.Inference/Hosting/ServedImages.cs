using System.Runtime.CompilerServices;
using Portal.Inference.Images;

namespace Portal.Inference.Hosting;

/// <summary>An image model as the host hands it out: counted, measured, and refusing once it is being unloaded.</summary>
internal sealed class ServedImages(IImageModel engine, ModelUse use, ModelCounters counters) : IImageModel
{
    public string Id => engine.Id;

    public ImageLimits Limits => engine.Limits;

    public int PromptTokensMax => engine.PromptTokensMax;

    /// <exception cref="ModelUnloadedException">It is being unloaded.</exception>
    public int CountTokens(string prompt) => use.During(Id, () => engine.CountTokens(prompt));

    /// <exception cref="ModelUnloadedException">On the first move: it is being unloaded. Later: it was, and the answer took longer than it could wait.</exception>
    public async IAsyncEnumerable<ImageStep> Generate(ImageRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        use.Enter(Id);
        var (counted, finished) = (counters.Begin(), false);
        try
        {
            await using var steps = engine.Generate(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await Served.Next(Id, steps, counted, use))
            {
                counted.Came(steps.Current.Step);
                if (steps.Current.Png is not null)
                {
                    counted.Picture();
                    finished = true;
                }

                yield return steps.Current;
            }
        }
        finally
        {
            counted.End(finished);
            use.Leave();
        }
    }
}
