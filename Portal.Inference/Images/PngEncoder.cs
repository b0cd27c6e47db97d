using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Portal.Inference.Images;

/// <summary>Writes pictures as PNG (ISO/IEC 15948): 8 bits a channel, red, green, blue.</summary>
internal static class PngEncoder
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>Red, green and blue of each pixel, row by row.</summary>
    /// <param name="planes"><c>[3, height, width]</c>, from -1 (black) to 1; what lies beyond is cut.</param>
    public static byte[] Pixels(ReadOnlySpan<float> planes)
    {
        var area = planes.Length / 3;
        var rgb = new byte[planes.Length];
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = planes.Slice(channel * area, area);
            for (var i = 0; i < area; i++)
            {
                rgb[3 * i + channel] = (byte)Math.Clamp(MathF.Round((plane[i] + 1) * 127.5f), 0, 255);
            }
        }

        return rgb;
    }

    /// <param name="rgb">What <see cref="Pixels"/> makes.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="texts">Words beside the picture, each under a keyword of the specification.</param>
    public static byte[] Encode(ReadOnlySpan<byte> rgb, int width, int height, IReadOnlyList<(string Keyword, string Text)>? texts = null)
    {
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits a channel
        header[9] = 2; // red, green, blue

        using var png = new MemoryStream();
        png.Write(Signature);
        WriteChunk(png, "IHDR", header);
        foreach (var (keyword, text) in texts ?? [])
        {
            // Keyword, not compressed, of no language, untranslated; the text is UTF-8.
            WriteChunk(png, "iTXt", Encoding.UTF8.GetBytes($"{keyword}\0\0\0\0\0{text.Replace('\0', ' ')}"));
        }

        WriteChunk(png, "IDAT", Compress(Rows(rgb, width, height)));
        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    /// <summary>Each row begins with its filter: 0, none.</summary>
    private static byte[] Rows(ReadOnlySpan<byte> rgb, int width, int height)
    {
        var rows = new byte[height * (1 + width * 3)];
        for (var y = 0; y < height; y++)
        {
            rgb.Slice(y * width * 3, width * 3).CopyTo(rows.AsSpan(y * (1 + width * 3) + 1));
        }

        return rows;
    }

    private static byte[] Compress(byte[] rows)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal))
        {
            zlib.Write(rows);
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(MemoryStream png, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        var checkedFrom = (int)png.Position;
        png.Write(Encoding.ASCII.GetBytes(type));
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(png.GetBuffer().AsSpan(checkedFrom, (int)png.Position - checkedFrom)));
        png.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }

            table[i] = crc;
        }

        return table;
    }
}
