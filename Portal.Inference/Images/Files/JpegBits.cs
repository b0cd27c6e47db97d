namespace Portal.Inference.Images.Files;

/// <summary>The bits of a scan, up to its next marker; behind it there are zeros.</summary>
internal sealed class JpegBits(byte[] file, int start)
{
    private int bits;
    private int left;

    /// <summary>Of the next byte that was not begun.</summary>
    public int Position { get; private set; } = start;

    /// <summary>Something was asked for that is not there.</summary>
    public bool IsOver { get; private set; }

    public int Bit()
    {
        if (left == 0)
        {
            bits = NextByte();
            left = 8;
        }

        return bits >> --left & 1;
    }

    public int Bits(int count)
    {
        var value = 0;
        for (var i = 0; i < count; i++)
        {
            value = value << 1 | Bit();
        }

        return value;
    }

    /// <summary>A number of so many bits whose first bit says its sign.</summary>
    public int Signed(int count)
    {
        var value = Bits(count);
        return count == 0 || value >= 1 << (count - 1) ? value : value - (1 << count) + 1;
    }

    /// <summary>Goes on behind the next restart marker, if one is next.</summary>
    public void Restart()
    {
        left = 0;
        if (Position + 1 < file.Length && file[Position] == 0xFF && file[Position + 1] is >= 0xD0 and <= 0xD7)
        {
            Position += 2;
        }
    }

    private int NextByte()
    {
        if (Position >= file.Length || (file[Position] == 0xFF && (Position + 1 == file.Length || file[Position + 1] != 0)))
        {
            IsOver = true;
            return 0;
        }

        var value = file[Position];
        Position += value == 0xFF ? 2 : 1;
        return value;
    }
}
