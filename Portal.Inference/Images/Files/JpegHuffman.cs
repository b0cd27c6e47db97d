namespace Portal.Inference.Images.Files;

/// <summary>A table of prefix codes (ITU-T T.81, annex F).</summary>
internal sealed class JpegHuffman
{
    private const int LengthMax = 16;
    private readonly int[] codesEnd = new int[LengthMax + 1];
    private readonly int[] offset = new int[LengthMax + 1];
    private readonly byte[] values;

    /// <param name="counts">How many codes are 1, 2 … 16 bits long.</param>
    /// <param name="values">What they stand for, in order.</param>
    public JpegHuffman(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values)
    {
        this.values = values.ToArray();
        var (code, index) = (0, 0);
        for (var length = 1; length <= LengthMax; length++)
        {
            offset[length] = index - code;
            code += counts[length - 1];
            index += counts[length - 1];
            codesEnd[length] = code;
            code *= 2;
        }
    }

    public byte Next(JpegBits bits)
    {
        var code = 0;
        for (var length = 1; length <= LengthMax; length++)
        {
            code = code << 1 | bits.Bit();
            if (code < codesEnd[length])
            {
                return values[code + offset[length]];
            }
        }

        throw new InvalidDataException("There is no such code.");
    }
}
