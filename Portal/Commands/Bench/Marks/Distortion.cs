namespace Portal.Commands.Bench.Marks;

/// <summary>What may happen to a picture after it was delivered.</summary>
/// <param name="Name">As the figures call it.</param>
/// <param name="Apply">Pixels, width, height and chance to a new picture.</param>
public sealed record Distortion(string Name, Func<byte[], int, int, Random, (byte[] Rgb, int Width, int Height)> Apply)
{
    private const double Noise = 0.05 * 255;

    public static IReadOnlyList<Distortion> All { get; } =
    [
        new("none", (rgb, width, height, _) => (rgb, width, height)),
        new("jpeg75", (rgb, width, height, _) => (JpegLoss.Apply(rgb, width, height, 75), width, height)),
        new("brighter10", (rgb, width, height, _) => (Map(rgb, i => rgb[i] * 1.1), width, height)),
        new("darker10", (rgb, width, height, _) => (Map(rgb, i => rgb[i] * 0.9), width, height)),
        new("shifted10", (rgb, width, height, _) => (Map(rgb, i => rgb[i] + 25.5), width, height)),
        new("noise5", (rgb, width, height, random) => (Map(rgb, i => rgb[i] + Noise * Normal(random)), width, height)),
        new("greyNoise5", (rgb, width, height, random) => (GreyNoise(rgb, random), width, height)),
        new("saltPepper5", (rgb, width, height, random) => (SaltAndPepper(rgb, random), width, height)),
        new("crop10", Crop),
        new("crop10Jpeg75", (rgb, width, height, random) =>
        {
            var (part, partWidth, partHeight) = Crop(rgb, width, height, random);
            return (JpegLoss.Apply(part, partWidth, partHeight, 75), partWidth, partHeight);
        }),
        new("jpeg50", (rgb, width, height, _) => (JpegLoss.Apply(rgb, width, height, 50), width, height)),
    ];

    /// <summary>Peak signal to noise between two pictures of one size, in dB.</summary>
    public static double Psnr(byte[] one, byte[] other)
    {
        long sum = 0;
        for (var i = 0; i < one.Length; i++)
        {
            sum += (one[i] - other[i]) * (one[i] - other[i]);
        }

        return 10 * Math.Log10(255.0 * 255 * one.Length / Math.Max(sum, 1));
    }

    internal static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>A tenth off the width and a tenth off the height, shared between the sides by chance.</summary>
    private static (byte[] Rgb, int Width, int Height) Crop(byte[] rgb, int width, int height, Random random)
    {
        var (partWidth, partHeight) = (width - width / 10, height - height / 10);
        var (left, top) = (random.Next(width - partWidth + 1), random.Next(height - partHeight + 1));
        var part = new byte[3 * partWidth * partHeight];
        for (var y = 0; y < partHeight; y++)
        {
            Array.Copy(rgb, 3 * ((y + top) * width + left), part, 3 * y * partWidth, 3 * partWidth);
        }

        return (part, partWidth, partHeight);
    }

    private static byte[] GreyNoise(byte[] rgb, Random random)
    {
        var noise = new double[rgb.Length / 3];
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] = Noise * Normal(random);
        }

        return Map(rgb, i => rgb[i] + noise[i / 3]);
    }

    private static byte[] SaltAndPepper(byte[] rgb, Random random)
    {
        var changed = (byte[])rgb.Clone();
        for (var i = 0; i < rgb.Length; i += 3)
        {
            if (random.NextDouble() < 0.05)
            {
                changed.AsSpan(i, 3).Fill((byte)(random.Next(2) * 255));
            }
        }

        return changed;
    }

    private static byte[] Map(byte[] rgb, Func<int, double> value)
    {
        var mapped = new byte[rgb.Length];
        for (var i = 0; i < rgb.Length; i++)
        {
            mapped[i] = (byte)Math.Clamp(Math.Round(value(i)), 0, 255);
        }

        return mapped;
    }
}
