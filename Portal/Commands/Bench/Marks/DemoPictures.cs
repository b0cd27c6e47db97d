using Portal.Inference.Images;
using Portal.Inference.Images.Files;

namespace Portal.Commands.Bench.Marks;

/// <summary>What the shipped image model draws. It draws 128 pixels at most: larger ones are its pictures enlarged, each pixel a square.</summary>
public static class DemoPictures
{
    private static readonly string[] Colours = ["red", "green", "blue", "yellow", "purple", "orange", "white", "black"];
    private static readonly string[] Shapes = ["circle", "square", "triangle", "star", "ring", "heart", "diamond"];

    /// <returns>Red, green and blue of each pixel, row by row.</returns>
    public static async Task<byte[]> Draw(IImageModel model, int size, int seed, CancellationToken cancel)
    {
        var drawn = Math.Min(size, model.Limits.SizeMax);
        var prompt = $"a {Colours[seed % 8]} {Shapes[seed % 7]} on a {Colours[(seed + 1 + seed / 8 % 7) % 8]} background";
        byte[]? png = null;
        await foreach (var step in model.Generate(new(prompt, drawn, drawn, model.Limits.StepsDefault, seed), cancel))
        {
            png = step.Png;
        }

        return Enlarge(PictureReader.Read(png!, drawn * drawn).Rgb, drawn, size);
    }

    private static byte[] Enlarge(byte[] rgb, int from, int to)
    {
        var enlarged = new byte[3 * to * to];
        for (var i = 0; i < to * to; i++)
        {
            rgb.AsSpan(3 * (i / to * from / to * from + i % to * from / to), 3).CopyTo(enlarged.AsSpan(3 * i));
        }

        return enlarged;
    }
}
