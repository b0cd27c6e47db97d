namespace Portal.Commands.Bench.Marks;

/// <summary>
/// Pictures of many kinds, each other by its seed: from one flat shade, which nothing can hide in, to texture that is nearly noise, which drowns what is
/// hidden.
/// </summary>
public static class BenchPicture
{
    private delegate void Painter(float[] rgb, int size, Random random);

    private static readonly Dictionary<string, Painter> Painters = new()
    {
        ["flat"] = (rgb, _, random) => Fill(rgb, random.Next(25) switch { 0 => [0, 0, 0], 1 => [255, 255, 255], _ => Colour(random) }),
        ["gradient"] = Gradient,
        ["clouds"] = (rgb, size, random) => Clouds(rgb, size, random, 0.5f, 60),
        ["texture"] = (rgb, size, random) => Clouds(rgb, size, random, 0.85f, 45),
        ["text"] = Text,
        ["shapes"] = (rgb, size, random) =>
        {
            Fill(rgb, Colour(random));
            Shapes(rgb, size, random, 4, shade: 0);
        },
        ["photo"] = (rgb, size, random) =>
        {
            Clouds(rgb, size, random, 0.5f, 60);
            Shapes(rgb, size, random, 12, shade: 0.6f);
            Grain(rgb, random);
        },
    };

    public static IEnumerable<string> Kinds => Painters.Keys;

    /// <returns>Red, green and blue of each pixel, row by row.</returns>
    public static byte[] Paint(string kind, int size, int seed)
    {
        var rgb = new float[3 * size * size];
        Painters[kind](rgb, size, new Random(seed));
        return Array.ConvertAll(rgb, value => (byte)Math.Clamp(MathF.Round(value), 0, 255));
    }

    private static float[] Colour(Random random) => [random.Next(256), random.Next(256), random.Next(256)];

    private static void Fill(float[] rgb, float[] colour)
    {
        for (var i = 0; i < rgb.Length; i++)
        {
            rgb[i] = colour[i % 3];
        }
    }

    private static void Gradient(float[] rgb, int size, Random random)
    {
        var (from, to, angle) = (Colour(random), Colour(random), random.NextDouble() * 2 * Math.PI);
        for (var i = 0; i < rgb.Length; i++)
        {
            var along = (Math.Cos(angle) * (i / 3 % size) + Math.Sin(angle) * (i / 3 / size)) / size;
            rgb[i] = from[i % 3] + (to[i % 3] - from[i % 3]) * (float)Math.Clamp((along + 1) / 2, 0, 1);
        }
    }

    /// <summary>Lines of small dark glyphs on white.</summary>
    private static void Text(float[] rgb, int size, Random random)
    {
        Fill(rgb, [250, 250, 250]);
        for (var y = 6; y + 9 < size; y += 14)
        {
            for (var x = 6; x + 6 < size; x += 7)
            {
                var blank = random.Next(6) == 0;
                for (var dot = 0; dot < 40 && !blank; dot++)
                {
                    if (random.Next(100) < 42)
                    {
                        rgb.AsSpan(3 * ((y + dot / 5) * size + x + dot % 5), 3).Fill(20);
                    }
                }
            }
        }
    }

    private static void Shapes(float[] rgb, int size, Random random, int count, float shade)
    {
        for (var shape = 0; shape < count; shape++)
        {
            var (x, y, reach, colour, square) = (random.Next(size), random.Next(size), size * (0.05f + 0.25f * random.NextSingle()), Colour(random), random.Next(2) == 0);
            for (var i = 0; i < rgb.Length; i++)
            {
                var (right, below) = (i / 3 % size - x, i / 3 / size - y);
                var away = square ? Math.Max(Math.Abs(right), Math.Abs(below)) : MathF.Sqrt(right * right + below * below);
                var cover = Math.Clamp(reach - away + 0.5f, 0, 1);
                rgb[i] = rgb[i] * (1 - cover) + cover * colour[i % 3] * (1 - shade * (right + reach) / (2 * reach));
            }
        }
    }

    /// <summary>Random values on grids of 128, 64 … 1 pixels, smoothed, each finer grid as strong as <paramref name="persistence"/> says.</summary>
    private static void Clouds(float[] rgb, int size, Random random, float persistence, float contrast)
    {
        var (ground, tint) = (Enumerable.Range(0, 3).Select(_ => 70f + random.Next(116)).ToArray(), Enumerable.Range(0, 3).Select(_ => 0.7f + 0.6f * random.NextSingle()).ToArray());
        var field = new float[size * size];
        var (strength, power) = (1f, 0f);
        for (var cell = 128; cell >= 1; cell /= 2, power += strength * strength / 2, strength *= persistence)
        {
            var across = size / cell + 2;
            var grid = Enumerable.Range(0, across * across).Select(_ => (float)Distortion.Normal(random)).ToArray();
            for (var i = 0; i < field.Length; i++)
            {
                var (x, y) = (i % size, i / size);
                var at = y / cell * across + x / cell;
                var (right, below) = (Smooth(x % cell / (float)cell), Smooth(y % cell / (float)cell));
                var above = grid[at] * (1 - right) + grid[at + 1] * right;
                field[i] += strength * (above * (1 - below) + (grid[at + across] * (1 - right) + grid[at + across + 1] * right) * below);
            }
        }

        for (var i = 0; i < rgb.Length; i++)
        {
            rgb[i] = ground[i % 3] + field[i / 3] * contrast / MathF.Sqrt(power) * tint[i % 3];
        }
    }

    private static float Smooth(float part) => part * part * (3 - 2 * part);

    private static void Grain(float[] rgb, Random random)
    {
        for (var i = 0; i < rgb.Length; i++)
        {
            rgb[i] += 2 * (float)Distortion.Normal(random);
        }
    }
}
