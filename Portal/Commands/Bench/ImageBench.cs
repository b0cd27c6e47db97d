using Portal.Inference;
using Portal.Inference.Images;

namespace Portal.Commands.Bench;

/// <summary>Draws pictures with a loaded model, so many asked for at once, and times them.</summary>
public sealed class ImageBench(ModelHost models, TimeProvider clock)
{
    /// <param name="id">The model.</param>
    /// <param name="size">Pixels of each side; null: the model's own.</param>
    /// <param name="streams">Pictures asked for at once.</param>
    /// <param name="images">Pictures of each stream.</param>
    /// <returns>Null: there is no such model.</returns>
    public async Task<ImageFigures?> Measure(string id, int? size, int streams, int images, CancellationToken cancel = default)
    {
        await models.StartAsync(cancel);
        await models.Ready;
        if (models.Image(id) is not { } model)
        {
            return null;
        }

        var pixels = size ?? model.Limits.SizeDefault;
        var request = new ImageRequest("two green triangles on white", pixels, pixels, model.Limits.StepsDefault, 1);
        await Draw(model, request, 1, cancel);
        var alone = clock.GetTimestamp();
        await Draw(model, request, images, cancel);
        var stepMs = clock.GetElapsedTime(alone).TotalMilliseconds / images / request.Steps;
        var began = clock.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, streams).Select(stream => Draw(model, request with { Seed = stream }, images, cancel)));
        var seconds = clock.GetElapsedTime(began).TotalSeconds;
        return new(id, pixels, request.Steps, streams, Rounded(streams * images / seconds), Rounded(1000 / stepMs / request.Steps), Rounded(stepMs));
    }

    private static async Task Draw(IImageModel model, ImageRequest request, int images, CancellationToken cancel)
    {
        for (var image = 0; image < images; image++)
        {
            await model.Generate(request, cancel).LastAsync(cancel);
        }
    }

    private static decimal Rounded(double value) => decimal.Round((decimal)value, 2);
}
