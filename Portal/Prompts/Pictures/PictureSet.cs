using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Inference.Images;
using Portal.Prompts.Answers;

namespace Portal.Prompts.Pictures;

/// <summary>The pictures of one request. They are asked for at once, so that the model can draw them together.</summary>
internal static class PictureSet
{
    /// <param name="call">Of the first picture; each further one takes the next seed.</param>
    /// <exception cref="Exception">What the first picture that failed failed with; the others are given up.</exception>
    public static async IAsyncEnumerable<PromptUpdate> Draw(IImageModel model, ImageRequest call, int count, [EnumeratorCancellation] CancellationToken stop)
    {
        var steps = Channel.CreateUnbounded<(int Index, ImageStep Step)>();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var drawn = Task.WhenAll(Enumerable.Range(0, count).Select(index => DrawOne(
            model, call with { Seed = call.Seed is { } first ? unchecked(first + index) : null }, index, steps.Writer, leaving.Token)).ToList());
        _ = drawn.ContinueWith(_ => steps.Writer.TryComplete(), TaskScheduler.Default);
        try
        {
            var done = new int[count];
            var delivered = 0;
            await foreach (var (index, step) in steps.Reader.ReadAllAsync(CancellationToken.None))
            {
                done[index] = step.Step;
                delivered += step.Usage is null ? 0 : 1;
                yield return PromptUpdate.Of(step, index, done.Sum(), delivered, count);
            }
        }
        finally
        {
            // Whoever leaves early leaves no picture being drawn behind.
            await leaving.CancelAsync();
            await drawn;
        }
    }

    private static async Task DrawOne(IImageModel model, ImageRequest call, int index, ChannelWriter<(int, ImageStep)> steps, CancellationToken stop)
    {
        try
        {
            await foreach (var step in model.Generate(call, stop))
            {
                steps.TryWrite((index, step));
            }
        }
        catch (Exception e)
        {
            // Thrown again to whoever reads the steps.
            steps.TryComplete(e);
        }
    }
}
