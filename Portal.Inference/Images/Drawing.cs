using System.Threading.Channels;

namespace Portal.Inference.Images;

/// <summary>One request on its way through the engine: the engine's thread writes its steps, the caller reads them and may cancel from any thread.</summary>
internal sealed class Drawing(ImageRequest request)
{
    private readonly Channel<ImageStep> steps = Channel.CreateUnbounded<ImageStep>(new() { SingleReader = true, SingleWriter = true });
    private volatile bool cancelled;

    public ImageRequest Request { get; } = request;

    public ChannelReader<ImageStep> Steps => steps.Reader;

    public bool Cancelled => cancelled;

    public void Cancel() => cancelled = true;

    public void Report(ImageStep step) => steps.Writer.TryWrite(step);

    /// <summary>Ends the stream: with the failure if there is one, else as it stands.</summary>
    public void End(Exception? failure = null) => steps.Writer.TryComplete(failure);
}
