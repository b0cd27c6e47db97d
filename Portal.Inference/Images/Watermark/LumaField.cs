using System.Numerics;

namespace Portal.Inference.Images.Watermark;

/// <summary>
/// What the mark lives in: the fine part of a picture's brightness, evened out so that no place speaks louder than another, and how strong a mark each
/// place bears. A lively place hides more but says less, so the mark is stronger there and the reader trusts it less.
/// </summary>
internal sealed class LumaField
{
    public const int Smoothing = 3;
    private const int Around = 11;

    // Shades of 0..255: what JPEG and noise do to a flat surface anyhow, and where more liveliness hides no more.
    private const float LivelyMin = 3;
    private const float LivelyMax = 30;

    // A pixel that stands out by more deviations than this is the picture's own.
    private const float Limit = 3;

    /// <param name="rgb">Red, green and blue of each pixel, row by row.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="toWrite">Whether <see cref="Response"/> is needed.</param>
    public LumaField(ReadOnlySpan<byte> rgb, int width, int height, bool toWrite)
    {
        var luma = new float[width * height];
        for (var i = 0; i < luma.Length; i++)
        {
            luma[i] = 0.299f * rgb[3 * i] + 0.587f * rgb[3 * i + 1] + 0.114f * rgb[3 * i + 2];
        }

        var gains = new float[toWrite ? luma.Length : 0];
        Band = BoxBlur.Apply(Residue.Of(luma, width, height, gains), width, height, Smoothing);
        for (var i = 0; i < luma.Length; i++)
        {
            luma[i] = Band[i] * Band[i];
        }

        Strength = BoxBlur.Apply(luma, width, height, Around);
        double response = 0;
        for (var i = 0; i < luma.Length; i++)
        {
            // The blur's running sums may end a hair below zero.
            var lively = MathF.Sqrt(Math.Max(Strength[i], 0) + LivelyMin * LivelyMin);
            var root = MathF.Sqrt(lively);
            var band = Math.Clamp(Band[i] / lively, -Limit, Limit);
            Band[i] = band / root;
            Strength[i] = Math.Min(root, MathF.Sqrt(LivelyMax));
            response += toWrite && Math.Abs(band) < Limit ? gains[i] * Strength[i] / (lively * root) : 0;
        }

        Response = response / luma.Length;
    }

    public float[] Band { get; }

    /// <summary>By how much a mark is multiplied at each pixel.</summary>
    public float[] Strength { get; }

    /// <summary>What one shade of a mark, times <see cref="Strength"/>, adds to <see cref="Band"/> on the average; only to write.</summary>
    public double Response { get; }

    /// <summary>The transform of all tiles of <see cref="Band"/> laid on one another.</summary>
    public Complex[] Fold(int width, int height)
    {
        var sums = new float[Fourier.Size * Fourier.Size];
        for (var y = 0; y < height; y++)
        {
            var tileRow = sums.AsSpan(y % Fourier.Size * Fourier.Size, Fourier.Size);
            for (var x = 0; x < width; x += Fourier.Size)
            {
                var part = Band.AsSpan(y * width + x, Math.Min(Fourier.Size, width - x));
                for (var i = 0; i < part.Length; i++)
                {
                    tileRow[i] += part[i];
                }
            }
        }

        var square = Array.ConvertAll(sums, sum => new Complex(sum, 0));
        Fourier.Forward(square);
        return square;
    }
}
