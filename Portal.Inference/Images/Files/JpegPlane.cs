namespace Portal.Inference.Images.Files;

/// <summary>One component of a JPEG picture: its coefficients, 64 a block in reading order, with blocks to fill the last unit.</summary>
internal sealed class JpegPlane(byte id, int across, int down, int table, int blocksWide, int blocksHigh)
{
    private const int Side = 8;
    private static readonly float[] Cosines = MakeCosines();

    public byte Id => id;

    /// <summary>Blocks of a unit, horizontally.</summary>
    public int Across => across;

    /// <summary>Blocks of a unit, vertically.</summary>
    public int Down => down;

    /// <summary>Which quantisation table.</summary>
    public int Table => table;

    public short[] Coefficients { get; } = new short[Side * Side * blocksWide * blocksHigh];

    public int Width => Side * blocksWide;

    public Span<short> Block(int column, int row) => Coefficients.AsSpan(Side * Side * (row * blocksWide + column), Side * Side);

    /// <summary>The samples 0..255, <see cref="Width"/> a row.</summary>
    public byte[] Samples(ushort[] quantisation)
    {
        var samples = new byte[Coefficients.Length];
        Span<float> block = stackalloc float[Side * Side];
        Span<float> half = stackalloc float[Side * Side];
        for (var row = 0; row < blocksHigh; row++)
        {
            for (var column = 0; column < blocksWide; column++)
            {
                var coefficients = Block(column, row);
                for (var i = 0; i < block.Length; i++)
                {
                    block[i] = coefficients[i] * quantisation[i];
                }

                Turn(block, half);
                Turn(half, block);
                for (var i = 0; i < block.Length; i++)
                {
                    samples[(Side * row + i / Side) * Width + Side * column + i % Side] = (byte)Math.Clamp(MathF.Round(block[i] + 128), 0, 255);
                }
            }
        }

        return samples;
    }

    /// <summary>The cosine transform back along the columns; the answer is transposed, so that twice does both directions.</summary>
    private static void Turn(ReadOnlySpan<float> source, Span<float> target)
    {
        for (var column = 0; column < Side; column++)
        {
            for (var place = 0; place < Side; place++)
            {
                var sum = 0f;
                for (var wave = 0; wave < Side; wave++)
                {
                    sum += source[wave * Side + column] * Cosines[wave * Side + place];
                }

                target[column * Side + place] = sum;
            }
        }
    }

    private static float[] MakeCosines() =>
        [.. from wave in Enumerable.Range(0, Side)
            from place in Enumerable.Range(0, Side)
            select (float)((wave == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos((2 * place + 1) * wave * Math.PI / 16))];
}
