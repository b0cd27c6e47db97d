namespace Portal.Commands.Bench.Marks;

/// <summary>
/// What a picture loses by being saved as JPEG and opened again: colour at half the size, the cosine transform of blocks of 8 x 8 pixels, and the rounding
/// of ITU-T T.81's example tables, scaled as the Independent JPEG Group's library scales them. The file itself adds nothing and is not made.
/// </summary>
public static class JpegLoss
{
    private const int Side = 8;

    private static readonly int[] Light =
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static readonly int[] Colour =
    [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    ];

    private static readonly float[] Cosines =
        [.. from wave in Enumerable.Range(0, Side)
            from place in Enumerable.Range(0, Side)
            select (float)((wave == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos((2 * place + 1) * wave * Math.PI / 16))];

    /// <param name="quality">1 to 100.</param>
    public static byte[] Apply(byte[] rgb, int width, int height, int quality)
    {
        var (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2);
        var light = Plane(rgb, 0.299f, 0.587f, 0.114f, 0);
        var blue = Half(Plane(rgb, -0.168736f, -0.331264f, 0.5f, 128), width, height);
        var red = Half(Plane(rgb, 0.5f, -0.418688f, -0.081312f, 128), width, height);
        Round(light, width, height, Light, quality);
        Round(blue, halfWidth, halfHeight, Colour, quality);
        Round(red, halfWidth, halfHeight, Colour, quality);
        var opened = new byte[rgb.Length];
        for (var i = 0; i < light.Length; i++)
        {
            var half = i / width / 2 * halfWidth + i % width / 2;
            var (b, r) = (blue[half] - 128, red[half] - 128);
            opened[3 * i] = Byte(light[i] + 1.402f * r);
            opened[3 * i + 1] = Byte(light[i] - 0.344136f * b - 0.714136f * r);
            opened[3 * i + 2] = Byte(light[i] + 1.772f * b);
        }

        return opened;
    }

    private static float[] Plane(byte[] rgb, float red, float green, float blue, float offset) =>
        [.. Enumerable.Range(0, rgb.Length / 3).Select(i => MathF.Round(offset + red * rgb[3 * i] + green * rgb[3 * i + 1] + blue * rgb[3 * i + 2]))];

    private static float[] Half(float[] plane, int width, int height)
    {
        var half = new float[(width + 1) / 2 * ((height + 1) / 2)];
        for (var i = 0; i < half.Length; i++)
        {
            var (x, y) = (2 * (i % ((width + 1) / 2)), 2 * (i / ((width + 1) / 2)));
            var (right, below) = (Math.Min(x + 1, width - 1), Math.Min(y + 1, height - 1));
            half[i] = MathF.Round((plane[y * width + x] + plane[y * width + right] + plane[below * width + x] + plane[below * width + right]) / 4);
        }

        return half;
    }

    private static void Round(float[] plane, int width, int height, int[] table, int quality)
    {
        var scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
        var steps = Array.ConvertAll(table, step => (float)Math.Clamp((step * scale + 50) / 100, 1, 255));
        Span<float> block = stackalloc float[Side * Side];
        Span<float> turned = stackalloc float[Side * Side];
        for (var start = 0; start < height * width; start += Side * width)
        {
            for (var left = 0; left < width; left += Side)
            {
                for (var i = 0; i < block.Length; i++)
                {
                    block[i] = plane[Math.Min(start / width + i / Side, height - 1) * width + Math.Min(left + i % Side, width - 1)] - 128;
                }

                Turn(block, turned, forward: true);
                Turn(turned, block, forward: true);
                for (var i = 0; i < block.Length; i++)
                {
                    block[i] = MathF.Round(block[i] / steps[i]) * steps[i];
                }

                Turn(block, turned, forward: false);
                Turn(turned, block, forward: false);
                for (var i = 0; i < block.Length; i++)
                {
                    if (start / width + i / Side < height && left + i % Side < width)
                    {
                        plane[start + i / Side * width + left + i % Side] = Byte(block[i] + 128);
                    }
                }
            }
        }
    }

    /// <summary>The cosine transform of the columns; the answer is transposed, so that twice does both directions.</summary>
    private static void Turn(ReadOnlySpan<float> source, Span<float> target, bool forward)
    {
        for (var column = 0; column < Side; column++)
        {
            for (var to = 0; to < Side; to++)
            {
                var sum = 0f;
                for (var of = 0; of < Side; of++)
                {
                    sum += source[of * Side + column] * Cosines[forward ? to * Side + of : of * Side + to];
                }

                target[column * Side + to] = sum;
            }
        }
    }

    private static byte Byte(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);
}
