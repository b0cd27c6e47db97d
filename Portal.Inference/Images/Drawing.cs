using System.Security.Cryptography;
using System.Threading.Channels;

namespace Portal.Inference.Images;

/// <summary>One request on its way through the engine: the engine's thread writes its steps, the caller reads them and may cancel from any thread.</summary>
internal sealed class Drawing(ImageRequest request)
{
    private readonly Channel<ImageStep> steps = Channel.CreateUnbounded<ImageStep>(new() { SingleReader = true, SingleWriter = true });
    private volatile bool cancelled;
    private int reported;

    public ImageRequest Request { get; } = request;

    /// <summary>The request's own, or one that was drawn for it.</summary>
    public int Seed { get; } = request.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);

    public ChannelReader<ImageStep> Steps => steps.Reader;

    public bool Cancelled => cancelled;

    public void Cancel() => cancelled = true;

    /// <summary>Tells of a step, once: a picture that is begun again does not go back.</summary>
    public void Report(int step)
    {
        if (step > reported && step < Request.Steps)
        {
            reported = step;
            steps.Writer.TryWrite(new(step, Request.Steps, null, null, Seed));
        }
    }

    /// <summary>Delivers the picture.</summary>
    public void End(byte[] png)
    {
        var evaluated = Request.Guidance == 0 ? Request.Steps : 2 * Request.Steps;
        steps.Writer.TryWrite(new(Request.Steps, Request.Steps, png, new(1, Request.Width, Request.Height, evaluated), Seed));
        steps.Writer.TryComplete();
    }

    /// <summary>Ends the stream without a picture: with the failure if there is one, else as it stands.</summary>
    public void End(Exception? failure = null) => steps.Writer.TryComplete(failure);
}
