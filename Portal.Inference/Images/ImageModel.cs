using System.Runtime.CompilerServices;
using Portal.Inference.Lanes;
using Portal.Inference.Onnx;

namespace Portal.Inference.Images;

/// <summary>A text-to-image model's folder, loaded: its pipeline and the one thread that drives it.</summary>
internal sealed class ImageModel : IImageModel, IDisposable
{
    // A run takes what is alike along.
    private static readonly EnginePlaces OneByOne = new(1);

    private readonly ImagePipeline pipeline;
    private readonly LaneQueue<Drawing> queue;
    private readonly int queueMax;
    private readonly CancellationTokenSource stopping = new();
    private readonly Thread engine;
    private volatile int active;
    private readonly int together;

    /// <exception cref="InvalidDataException">The folder is not a text-to-image model that can be run.</exception>
    public ImageModel(string id, string folder, OnnxSessions sessions, InferenceOptions options, TimeProvider clock)
    {
        Id = id;
        pipeline = new(folder, sessions);
        Limits = pipeline.Config.Limits;
        try
        {
            // The first run allocates and chooses kernels; it also proves that the graphs fit together.
            Draw([new(new("", Limits.SizeDefault, Limits.SizeDefault, 1, Seed: 0))]);
        }
        catch
        {
            // Whatever it was goes on to the caller; what is open already must not stay open.
            pipeline.Dispose();
            throw;
        }

        together = options.PicturesTogether;
        queueMax = options.QueueMax;
        queue = new(options.QueueMax, TimeSpan.FromSeconds(options.AgeingSeconds), clock);
        engine = new(Run) { IsBackground = true, Name = $"model {id}" };
        engine.Start();
    }

    public string Id { get; }

    public ImageLimits Limits { get; }

    public int PromptTokensMax => pipeline.Config.PromptTokensMax;

    public EngineLoad Load => new(queue.Waiting, active, together, 0, queueMax);

    public int CountTokens(string prompt) => pipeline.Encode(prompt).Length;

    public async IAsyncEnumerable<ImageStep> Generate(ImageRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var drawing = Enqueue(request);
        await using var registration = cancellationToken.Register(drawing.Cancel);
        try
        {
            while (await drawing.Steps.WaitToReadAsync(cancellationToken))
            {
                while (!cancellationToken.IsCancellationRequested && drawing.Steps.TryRead(out var step))
                {
                    yield return step;
                }
            }

            // The engine may have ended the stream before the reader saw that it was cancelled.
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            drawing.Cancel();
            queue.Remove(drawing, request.Lane);
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        engine.Join();
        stopping.Dispose();
        pipeline.Dispose();
    }

    private Drawing Enqueue(ImageRequest request)
    {
        if (!Limits.Allows(request.Width, request.Height, request.Steps))
        {
            throw new ArgumentException($"{request.Width} x {request.Height} pixels in {request.Steps} steps is not within the limits {Limits}.", nameof(request));
        }

        if (request.Guidance is not (>= 0 and <= ImageRequest.GuidanceMax))
        {
            throw new ArgumentOutOfRangeException(nameof(request), request.Guidance, $"Guidance is from 0 to {ImageRequest.GuidanceMax}.");
        }

        var tokens = Math.Max(CountTokens(request.Prompt), request.Guidance == 0 ? 0 : CountTokens(request.NegativePrompt));
        if (tokens > PromptTokensMax)
        {
            throw new PromptTooLongException(tokens, PromptTokensMax);
        }

        var drawing = new Drawing(request);
        try
        {
            return queue.TryAdd(drawing, request.Lane) ? drawing : throw new ModelBusyException(Id);
        }
        catch (ObjectDisposedException e)
        {
            throw new ModelFailedException(Id, e);
        }
    }

    private void Run()
    {
        try
        {
            while (true)
            {
                queue.Wait(1, OneByOne, stopping.Token);
                if (queue.TryTake(1, OneByOne, out var first))
                {
                    DrawAll([first, .. queue.TakeAlike(other => other.Request.IsAlike(first.Request), together - 1)]);
                }
            }
        }
        catch (OperationCanceledException)
        {
            foreach (var drawing in queue.Close())
            {
                drawing.End(new ModelFailedException(Id));
            }
        }
    }

    private void DrawAll(List<Drawing> drawings)
    {
        active = drawings.Count;
        try
        {
            Draw(drawings);
        }
        catch (Exception e)
        {
            // Whatever went wrong belongs to these pictures; out of this thread it would end the whole program. Of several only one may be to
            // blame, or all of them together were too large for the device: each gets a run of its own.
            if (drawings is [var only])
            {
                only.End(new ModelFailedException(Id, e));
                return;
            }

            drawings.ForEach(drawing => DrawAll([drawing]));
        }
        finally
        {
            active = 0;
        }
    }

    /// <summary>Draws pictures of one size and schedule, step by step together.</summary>
    private void Draw(List<Drawing> drawings)
    {
        var (_, width, height, steps, _, _) = drawings[0].Request;
        var sigmas = pipeline.Config.Sigmas(steps);
        var canvases = drawings.Where(drawing => !drawing.Cancelled).ToDictionary(drawing => drawing, Prime);
        for (var step = 0; step < steps; step++)
        {
            stopping.Token.ThrowIfCancellationRequested();
            foreach (var (drawing, _) in canvases.Where(begun => begun.Key.Cancelled).ToList())
            {
                canvases.Remove(drawing);
            }

            if (canvases.Count > 0)
            {
                pipeline.Denoise([.. canvases.Values], width, height, sigmas[step], sigmas[step + 1]);
            }

            foreach (var drawing in canvases.Keys)
            {
                drawing.Report(step + 1);
            }
        }

        foreach (var (drawing, canvas) in canvases)
        {
            drawing.End(Finish(drawing, canvas));
        }

        // Of those that were cancelled.
        drawings.ForEach(drawing => drawing.End());
    }

    private Canvas Prime(Drawing drawing)
    {
        var request = drawing.Request;
        var prompt = pipeline.Read(pipeline.Encode(request.Prompt));
        var negative = request.Guidance == 0 ? prompt : pipeline.Read(pipeline.Encode(request.NegativePrompt));
        return new(pipeline.Noise(request.Width, request.Height, drawing.Seed), prompt, negative, request.Guidance);
    }

    private byte[] Finish(Drawing drawing, Canvas canvas)
    {
        var (_, width, height, _, _, mark) = drawing.Request;
        var pixels = PngEncoder.Pixels(pipeline.Decode(canvas.Latents, width, height));
        mark?.Writer.Write(pixels, width, height, mark.Payload);
        return PngEncoder.Encode(pixels, width, height, PictureText.Of(Id, drawing));
    }
}
