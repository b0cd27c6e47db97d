using System.Numerics;

namespace Portal.Inference.Images.Watermark;

/// <summary>
/// Writes 64 bits invisibly into a picture: a keyed pattern of waves that repeats over all of it, weak on smooth surfaces and stronger where the picture is
/// lively. What the picture itself says of each bit is known here, so the strength goes to the bits that the picture contradicts. Safe for any number of
/// callers at once.
/// </summary>
/// <param name="key">The reader's secret. Who does not have it can neither read a mark nor write one with another payload; like any mark of this kind it
/// can still be carried over from one picture to another by who averages many, or destroyed by who spoils the picture.</param>
public sealed class WatermarkWriter(ReadOnlySpan<byte> key)
{
    private const int Shades = 255;

    // Peak signal to noise, in dB: the promise is 40. Large pictures hold more copies of the tile, so each may be weaker, but not below JPEG's rounding.
    private const double QualityDb = 40.2;
    private const double QualityDbMore = 3;
    private const double PixelsOfLeastQuality = 256 * 256;

    private const double PilotShare = 0.08;

    /// <summary>A bit that would need more than this, in units of an even share, is left to the error correction.</summary>
    private const double AmplitudeMax = 1.5;
    private const int SearchSteps = 40;
    private const int AttemptsMax = 4;

    private readonly MarkPattern pattern = new(key);

    /// <param name="rgb">Red, green and blue of each pixel, row by row; changed in place, by 40 dB or less noise.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="payload">What a reader with the same key is told.</param>
    public void Write(Span<byte> rgb, int width, int height, ulong payload)
    {
        var quality = QualityDb + Math.Clamp(5 * Math.Log10(width * (double)height / PixelsOfLeastQuality), 0, QualityDbMore);
        var errorMax = Shades * Shades / Math.Pow(10, quality / 10);
        var field = new LumaField(rgb, width, height, toWrite: true);
        var mark = Repeat(Tile(field, width, height, payload, errorMax), field.Strength, width);
        Add(mark, rgb, errorMax);
    }

    /// <summary>One tile of the mark, before it is multiplied by each pixel's strength.</summary>
    private float[] Tile(LumaField field, int width, int height, ulong payload, double errorMax)
    {
        double loudness = 0;
        foreach (var strength in field.Strength)
        {
            loudness += strength * strength;
        }

        // Of the squares of all amplitudes: a wave and its mirror image share one.
        var budget = errorMax * field.Strength.Length / loudness / 2;
        var said = Said(field.Fold(width, height), field.Response * width * height);
        var bits = Bits(pattern.Encode(payload), said, budget * (1 - PilotShare));
        var pilot = Math.Sqrt(budget * PilotShare / (pattern.Waves.Count - MarkPattern.Carriers));
        var spectrum = new Complex[Fourier.Size * Fourier.Size];
        for (var i = 0; i < pattern.Waves.Count; i++)
        {
            var value = pattern.Turns[i] * (i < MarkPattern.Carriers ? new Complex(bits[2 * i], bits[2 * i + 1]) : pilot);
            spectrum[pattern.Waves[i].Index] = value;
            spectrum[pattern.Waves[i].Mirror] = Complex.Conjugate(value);
        }

        Fourier.Backward(spectrum);
        return Array.ConvertAll(spectrum, value => (float)value.Real);
    }

    /// <summary>What the picture itself says of each wave, in units of the mark.</summary>
    private Complex[] Said(Complex[] picture, double response) =>
        [.. pattern.Waves.Select((wave, i) => picture[wave.Index] * Complex.Conjugate(pattern.Turns[i]) / (response * wave.Gain))];

    /// <summary>How much of each coded bit to write, with its sign.</summary>
    private static double[] Bits(bool[] coded, Complex[] said, double budget)
    {
        var own = coded.Select((bit, i) => (i % 2 == 0 ? said[i / 2].Real : said[i / 2].Imaginary) * (bit ? 1 : -1)).ToArray();
        return [.. Fill(own, budget).Select((amplitude, i) => coded[i] ? amplitude : -amplitude)];
    }

    /// <summary>How much to add to each so that picture and mark together say all of them as clearly as the budget allows.</summary>
    /// <param name="own">What the picture says of each; above zero when it agrees.</param>
    private static double[] Fill(double[] own, double budget)
    {
        var most = AmplitudeMax * Math.Sqrt(budget / own.Length);
        var (low, high) = (own.Min(), own.Max() + most);
        for (var i = 0; i < SearchSteps; i++)
        {
            var clarity = (low + high) / 2;
            var spent = own.Sum(said => Math.Pow(Math.Clamp(clarity - said, 0, most), 2));
            (low, high) = spent > budget ? (low, clarity) : (clarity, high);
        }

        return Array.ConvertAll(own, said => Math.Clamp(low - said, 0, most));
    }

    private static float[] Repeat(float[] tile, float[] strength, int width)
    {
        var mark = new float[strength.Length];
        for (var start = 0; start < mark.Length; start += width)
        {
            var row = tile.AsSpan(start / width % Fourier.Size * Fourier.Size, Fourier.Size);
            for (var x = 0; x < width; x++)
            {
                mark[start + x] = row[x % Fourier.Size] * strength[start + x];
            }
        }

        return mark;
    }

    /// <summary>Adds as much of the mark as the quality allows: where black and white cut it off, the rest may be stronger.</summary>
    private static void Add(float[] mark, Span<byte> rgb, double errorMax)
    {
        var factor = 1f;
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var error = Error(mark, factor, rgb);
            if (error == 0 || (error <= errorMax && (error >= 0.97 * errorMax || attempt == AttemptsMax)))
            {
                break;
            }

            // A little less than the proportion: rounding has its own share.
            factor *= 0.995f * (float)Math.Sqrt(errorMax / error);
        }

        for (var i = 0; i < mark.Length; i++)
        {
            var change = (int)MathF.Round(mark[i] * factor);
            for (var channel = 3 * i; channel < 3 * i + 3; channel++)
            {
                rgb[channel] = (byte)Math.Clamp(rgb[channel] + change, 0, Shades);
            }
        }
    }

    /// <summary>The mean square of the changes.</summary>
    private static double Error(float[] mark, float factor, ReadOnlySpan<byte> rgb)
    {
        long sum = 0;
        for (var i = 0; i < mark.Length; i++)
        {
            var change = (int)MathF.Round(mark[i] * factor);
            for (var channel = 3 * i; channel < 3 * i + 3; channel++)
            {
                var changed = Math.Clamp(rgb[channel] + change, 0, Shades) - rgb[channel];
                sum += changed * changed;
            }
        }

        return (double)sum / rgb.Length;
    }
}
