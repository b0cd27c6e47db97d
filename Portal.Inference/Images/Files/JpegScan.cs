namespace Portal.Inference.Images.Files;

/// <summary>One pass over some planes of a JPEG picture, sequential or progressive (ITU-T T.81, annexes F and G).</summary>
/// <param name="from">The first coefficient in zigzag order.</param>
/// <param name="to">The last one.</param>
/// <param name="high">Progressive: the bit that an earlier pass ended at; 0: this is the first.</param>
/// <param name="low">Progressive: the bit that this pass ends at.</param>
internal sealed class JpegScan(JpegBits bits, bool progressive, int from, int to, int high, int low)
{
    private int endOfBand;

    /// <summary>The coefficients' places in reading order, in the order of the file.</summary>
    public static ReadOnlySpan<byte> Zigzag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    public void Restart()
    {
        bits.Restart();
        endOfBand = 0;
    }

    /// <param name="block">64 coefficients in reading order.</param>
    /// <param name="mean">The last block's first coefficient, of this plane; becomes this block's.</param>
    public void Read(Span<short> block, JpegHuffman? means, JpegHuffman? waves, ref int mean)
    {
        if (from == 0)
        {
            ReadMean(block, means, ref mean);
        }

        if (to == 0)
        {
            return;
        }

        var table = waves ?? throw new InvalidDataException("A table is missing.");
        if (high == 0)
        {
            ReadWaves(block, table);
        }
        else
        {
            RefineWaves(block, table);
        }
    }

    private void ReadMean(Span<short> block, JpegHuffman? means, ref int mean)
    {
        if (high > 0)
        {
            block[0] |= (short)(bits.Bit() << low);
            return;
        }

        mean += bits.Signed(Size((means ?? throw new InvalidDataException("A table is missing.")).Next(bits)));
        block[0] = (short)(mean << low);
    }

    private void ReadWaves(Span<short> block, JpegHuffman table)
    {
        if (endOfBand > 0)
        {
            endOfBand--;
            return;
        }

        for (var k = Math.Max(from, 1); k <= to; k++)
        {
            var code = table.Next(bits);
            var (zeros, size) = (code >> 4, code & 15);
            if (size > 0)
            {
                k += zeros;
                block[Zigzag[k]] = (short)(bits.Signed(size) << low);
            }
            else if (zeros == 15)
            {
                k += 15;
            }
            else
            {
                endOfBand = progressive ? (1 << zeros) + bits.Bits(zeros) - 1 : 0;
                break;
            }
        }
    }

    /// <summary>One more bit of what is known, and what becomes known by this bit.</summary>
    private void RefineWaves(Span<short> block, JpegHuffman table)
    {
        var k = Math.Max(from, 1);
        while (k <= to && endOfBand == 0)
        {
            var code = table.Next(bits);
            var (zeros, isNew) = (code >> 4, (code & 15) != 0);
            if (!isNew && zeros < 15)
            {
                endOfBand = (1 << zeros) + bits.Bits(zeros);
                break;
            }

            var value = !isNew ? 0 : bits.Bit() != 0 ? 1 << low : -1 << low;
            k = Refine(block, k, zeros);
            if (k <= to)
            {
                block[Zigzag[k]] = value != 0 ? (short)value : block[Zigzag[k]];
            }

            k++;
        }

        if (endOfBand > 0)
        {
            Refine(block, k, zeros: int.MaxValue);
            endOfBand--;
        }
    }

    /// <returns>The place behind so many zeros, which is a zero too.</returns>
    private int Refine(Span<short> block, int k, int zeros)
    {
        for (; k <= to; k++)
        {
            ref var coefficient = ref block[Zigzag[k]];
            if (coefficient == 0)
            {
                if (zeros-- == 0)
                {
                    break;
                }
            }
            else if (bits.Bit() != 0 && (coefficient & 1 << low) == 0)
            {
                coefficient += (short)((coefficient > 0 ? 1 : -1) << low);
            }
        }

        return k;
    }

    private static int Size(byte code) => code <= 15 ? code : throw new InvalidDataException("A number is too long.");
}
