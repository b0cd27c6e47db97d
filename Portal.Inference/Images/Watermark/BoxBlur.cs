namespace Portal.Inference.Images.Watermark;

/// <summary>Each pixel becomes the mean of a square around it; beyond the edge the edge goes on.</summary>
internal static class BoxBlur
{
    /// <param name="side">Pixels, odd.</param>
    public static float[] Apply(float[] source, int width, int height, int side)
    {
        var (across, blurred) = (new float[source.Length], new float[source.Length]);
        var scale = 1f / side;
        var reach = side / 2;
        for (var y = 0; y < height; y++)
        {
            var row = source.AsSpan(y * width, width);
            var target = across.AsSpan(y * width, width);
            var sum = 0f;
            for (var x = -reach; x < reach; x++)
            {
                sum += row[Math.Clamp(x, 0, width - 1)];
            }

            for (var x = 0; x < width; x++)
            {
                sum += row[Math.Min(x + reach, width - 1)];
                target[x] = sum * scale;
                sum -= row[Math.Max(x - reach, 0)];
            }
        }

        var sums = new float[width];
        for (var y = -reach; y < reach; y++)
        {
            Add(sums, across.AsSpan(Math.Clamp(y, 0, height - 1) * width, width), 1);
        }

        for (var y = 0; y < height; y++)
        {
            Add(sums, across.AsSpan(Math.Min(y + reach, height - 1) * width, width), 1);
            var target = blurred.AsSpan(y * width, width);
            for (var x = 0; x < width; x++)
            {
                target[x] = sums[x] * scale;
            }

            Add(sums, across.AsSpan(Math.Max(y - reach, 0) * width, width), -1);
        }

        return blurred;
    }

    private static void Add(Span<float> sums, ReadOnlySpan<float> row, float factor)
    {
        for (var x = 0; x < sums.Length; x++)
        {
            sums[x] += row[x] * factor;
        }
    }
}
