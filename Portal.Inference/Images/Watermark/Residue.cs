using System.Numerics;

namespace Portal.Inference.Images.Watermark;

/// <summary>
/// What of a picture's brightness is neither its surfaces nor its edges: each pixel less the mean of those around it that are of about its own shade
/// (a bilateral filter). An edge so leaves nothing behind that a mark could drown in.
/// </summary>
internal static class Residue
{
    /// <summary>Pixels to each side.</summary>
    public const int Reach = 7;
    private const int Stride = 2;

    // Shades of 0..255: three deviations of 5 % noise, and some.
    private const float AlikeMax = 45;

    /// <param name="luma">Shades of 0..255.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="gains">
    /// If as long as <paramref name="luma"/>: takes how much of a small change of each pixel is in its residue, by the derivative: 1 on a surface, less in
    /// texture, where the change makes others alike.
    /// </param>
    public static float[] Of(float[] luma, int width, int height, Span<float> gains = default)
    {
        var lanes = Vector<float>.Count;
        var across = (width + lanes - 1) / lanes * lanes + 2 * Reach;
        var padded = new float[across * (height + 2 * Reach)];
        for (var y = 0; y < height + 2 * Reach; y++)
        {
            var row = luma.AsSpan(Math.Clamp(y - Reach, 0, height - 1) * width, width);
            var target = padded.AsSpan(y * across, across);
            target[..Reach].Fill(row[0]);
            row.CopyTo(target[Reach..]);
            target[(Reach + width)..].Fill(row[^1]);
        }

        var steep = new Vector<float>(1 / (AlikeMax * AlikeMax));
        var residue = new float[luma.Length];
        Span<float> last = stackalloc float[lanes];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x += lanes)
            {
                var shade = new Vector<float>(padded, (y + Reach) * across + x + Reach);
                var (sum, weight) = (Vector<float>.Zero, new Vector<float>(1e-3f));
                var (gain, lean) = (Vector<float>.Zero, Vector<float>.Zero);
                for (var down = 0; down <= 2 * Reach; down += Stride)
                {
                    var at = (y + down) * across + x;
                    for (var right = 0; right <= 2 * Reach; right += Stride)
                    {
                        var away = new Vector<float>(padded, at + right) - shade;
                        var apart = away * away * steep;
                        var alike = Vector.Max(Vector<float>.Zero, Vector<float>.One - apart);
                        var like = alike * alike;
                        sum += away * like;
                        weight += like;
                        if (gains.Length > 0)
                        {
                            gain += alike * (Vector<float>.One - 5 * apart);
                            lean += alike * away;
                        }
                    }
                }

                var own = x..Math.Min(x + lanes, width);
                (-sum / weight).CopyTo(last);
                last[..(own.End.Value - x)].CopyTo(residue.AsSpan(y * width)[own]);
                if (gains.Length > 0)
                {
                    ((gain + 4 * steep * sum / weight * lean) / weight).CopyTo(last);
                    last[..(own.End.Value - x)].CopyTo(gains[(y * width)..][own]);
                }
            }
        }

        return residue;
    }
}
