using System.Numerics;

namespace Portal.Inference.Images.Watermark;

/// <summary>
/// Finds what <see cref="WatermarkWriter"/> wrote, also in a part of the picture, after JPEG, noise or another brightness; not after scaling or turning.
/// Where the tile begins is found by its pilot, the bits are decoded softly. Safe for any number of callers at once.
/// </summary>
/// <remarks>
/// A picture without a mark is taken for a marked one with a probability of at most <see cref="FalsePositiveBound"/>, whatever it shows: the bits of at
/// most <see cref="BeginningsMax"/> beginnings are decoded, and each must carry the 32 bits of a keyed hash (HMAC-SHA256) of the others.
/// </remarks>
public sealed class WatermarkReader
{
    /// <summary>2.3e-8.</summary>
    public const double FalsePositiveBound = BeginningsMax / (double)(1L << MarkPattern.TagBits);

    private const int BeginningsMax = 96;

    /// <summary>One wave counts at most as much as this many usual ones of its length: a picture's own stripes must not outshout the rest.</summary>
    private const double LoudnessMax = 2.5;

    private readonly MarkPattern pattern;
    private readonly int[][] rings;

    /// <param name="key">The writer's.</param>
    public WatermarkReader(ReadOnlySpan<byte> key)
    {
        pattern = new(key);
        rings = [.. Enumerable.Range(0, pattern.Waves.Count).GroupBy(i => (int)Math.Round(pattern.Waves[i].Length)).Select(ring => ring.ToArray())];
    }

    /// <param name="rgb">Red, green and blue of each pixel, row by row.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <returns>Null: no mark of this key can be proven.</returns>
    public WatermarkFinding? Read(ReadOnlySpan<byte> rgb, int width, int height)
    {
        var waves = Waves(new LumaField(rgb, width, height, toWrite: false).Fold(width, height));
        var soft = new float[2 * MarkPattern.Carriers];
        foreach (var (pilot, right, below) in Beginnings(waves))
        {
            for (var i = 0; i < MarkPattern.Carriers; i++)
            {
                var value = waves[i] * Complex.FromPolarCoordinates(1, pattern.Waves[i].Angle(right, below));
                (soft[2 * i], soft[2 * i + 1]) = ((float)value.Real, (float)value.Imaginary);
            }

            if (pattern.Decode(soft) is { } payload)
            {
                var wrong = pattern.Encode(payload).Where((bit, i) => bit != soft[i] > 0).Count();
                return new(payload, pilot, soft.Length, wrong);
            }
        }

        return null;
    }

    /// <summary>The mark's waves, turned back and made equally loud at each length: how loud they are is the picture's doing.</summary>
    private Complex[] Waves(Complex[] folded)
    {
        var waves = pattern.Waves.Select((wave, i) => folded[wave.Index] * Complex.Conjugate(pattern.Turns[i])).ToArray();
        foreach (var ring in rings)
        {
            var usual = ring.Select(i => waves[i].Magnitude).Order().ElementAt(ring.Length / 2);
            foreach (var i in ring)
            {
                var loudness = waves[i].Magnitude;
                waves[i] = loudness > 0 ? waves[i] / loudness * Math.Min(usual > 0 ? loudness / usual : LoudnessMax, LoudnessMax) : 0;
            }
        }

        return waves;
    }

    /// <summary>Where in a tile the picture may begin, the likeliest first: also beside a peak, which noise moves by a pixel.</summary>
    private IEnumerable<(double Pilot, int Right, int Below)> Beginnings(Complex[] waves)
    {
        var surface = new Complex[Fourier.Size * Fourier.Size];
        double energy = 0;
        for (var i = MarkPattern.Carriers; i < waves.Length; i++)
        {
            surface[pattern.Waves[i].Index] = waves[i];
            energy += waves[i].Magnitude * waves[i].Magnitude;
        }

        Fourier.Backward(surface);
        var deviation = Math.Sqrt(energy / 2) + double.Epsilon;
        return (from below in Enumerable.Range(0, Fourier.Size)
                from right in Enumerable.Range(0, Fourier.Size)
                let height = surface[below * Fourier.Size + right].Real
                orderby height descending
                select (height / deviation, right, below)).Take(BeginningsMax);
    }
}
