using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Inference.Images;

namespace Portal.Tests.Prompts;

/// <summary>An image model that takes a step when the test lets it, one picture after the other; its pictures are two bytes.</summary>
internal sealed class ScriptedImages : IImageModel
{
    private readonly Channel<Exception?> turns = Channel.CreateUnbounded<Exception?>();

    private readonly Channel<bool> pencil = Channel.CreateUnbounded<bool>();

    public ScriptedImages() => pencil.Writer.TryWrite(true);

    public string Id => "shapes";

    public ImageLimits Limits { get; } = new(32, 128, 8, 64, 50, 9);

    public int PromptTokensMax => 48;

    public int CountTokens(string prompt) => prompt.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    public ImageRequest? Last { get; private set; }

    public ScriptedImages Step(int steps)
    {
        for (var i = 0; i < steps; i++) turns.Writer.TryWrite(null);
        return this;
    }

    public ScriptedImages Fail(Exception with)
    {
        turns.Writer.TryWrite(with);
        return this;
    }

    public async IAsyncEnumerable<ImageStep> Generate(ImageRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Last = request;
        await pencil.Reader.ReadAsync(cancellationToken);
        try
        {
            for (var step = 1; step <= request.Steps; step++)
            {
                if (await turns.Reader.ReadAsync(cancellationToken) is { } failure) throw failure;
                yield return step < request.Steps
                    ? new ImageStep(step, request.Steps, null, null)
                    : new ImageStep(step, request.Steps, [1, 2], new ImageUsage(1, request.Width, request.Height, request.Guidance == 0 ? request.Steps : 2 * request.Steps));
            }
        }
        finally
        {
            pencil.Writer.TryWrite(true);
        }
    }
}
