using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Portal.Inference.Onnx;

namespace Portal.Inference.Images;

/// <summary>A text-to-image model's folder, loaded: its pipeline and the one thread that drives it.</summary>
internal sealed class ImageModel : IImageModel, IDisposable
{
    private readonly ImagePipeline pipeline;
    private readonly BlockingCollection<Drawing> queue;
    private readonly CancellationTokenSource stopping = new();
    private readonly Thread engine;

    /// <exception cref="InvalidDataException">The folder is not a text-to-image model that can be run.</exception>
    public ImageModel(string id, string folder, OnnxSessions sessions, InferenceOptions options)
    {
        Id = id;
        pipeline = new(folder, sessions);
        Limits = pipeline.Config.Limits;
        try
        {
            // The first run allocates and chooses kernels; it also proves that the graphs fit together.
            Draw(new(new("", Limits.SizeDefault, Limits.SizeDefault, 1, Seed: 0)));
        }
        catch
        {
            // Whatever it was goes on to the caller; what is open already must not stay open.
            pipeline.Dispose();
            throw;
        }

        queue = new(options.QueueMax);
        engine = new(Run) { IsBackground = true, Name = $"model {id}" };
        engine.Start();
    }

    public string Id { get; }

    public ImageLimits Limits { get; }

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
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        engine.Join();
        queue.Dispose();
        stopping.Dispose();
        pipeline.Dispose();
    }

    private Drawing Enqueue(ImageRequest request)
    {
        if (!Limits.Allows(request.Width, request.Height, request.Steps))
        {
            throw new ArgumentException($"{request.Width} x {request.Height} pixels in {request.Steps} steps is not within the limits {Limits}.", nameof(request));
        }

        var drawing = new Drawing(request);
        try
        {
            return queue.TryAdd(drawing) ? drawing : throw new ModelBusyException(Id);
        }
        catch (InvalidOperationException e)
        {
            throw new ModelFailedException(Id, e);
        }
    }

    private void Run()
    {
        try
        {
            foreach (var drawing in queue.GetConsumingEnumerable(stopping.Token))
            {
                try
                {
                    Draw(drawing);
                    drawing.End();
                }
                catch (Exception e)
                {
                    // Whatever went wrong belongs to this picture; out of this thread it would end the whole program.
                    drawing.End(new ModelFailedException(Id, e));
                }
            }
        }
        catch (OperationCanceledException)
        {
            queue.CompleteAdding();
            while (queue.TryTake(out var drawing))
            {
                drawing.End(new ModelFailedException(Id));
            }
        }
    }

    private void Draw(Drawing drawing)
    {
        var (prompt, width, height, steps, seed, mark) = drawing.Request;
        var planes = pipeline.Draw(pipeline.Encode(prompt), pipeline.Noise(width, height, seed), width, height, steps, done =>
        {
            stopping.Token.ThrowIfCancellationRequested();
            if (done > 0)
            {
                drawing.Report(new(done, steps, null, null));
            }

            return !drawing.Cancelled;
        });
        if (planes is not null)
        {
            var pixels = PngEncoder.Pixels(planes);
            mark?.Writer.Write(pixels, width, height, mark.Payload);
            drawing.Report(new(steps, steps, PngEncoder.Encode(pixels, width, height), new(1, width, height, steps)));
        }
    }
}
