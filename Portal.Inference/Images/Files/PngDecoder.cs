using System.Buffers.Binary;
using System.IO.Compression;

namespace Portal.Inference.Images.Files;

/// <summary>Reads PNG (ISO/IEC 15948) of every colour type, depth and interlacing. Transparency is left out, checksums are not looked at.</summary>
internal sealed class PngDecoder
{
    private const int Header = 0x49484452;
    private const int Palette = 0x504C5445;
    private const int Data = 0x49444154;
    private const int End = 0x49454E44;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    // Adam7: where each pass begins, and how far apart its pixels are.
    private static readonly (int X, int Y, int Right, int Down)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private readonly int width;
    private readonly int height;
    private readonly int depth;
    private readonly int colour;
    private readonly bool interlaced;
    private readonly int channels;
    private readonly byte[] palette;
    private readonly byte[] rgb;

    private PngDecoder(ReadOnlySpan<byte> header, byte[] palette, int pixelsMax)
    {
        (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
        (depth, colour, interlaced) = (header[8], header[9], header[12] == 1);
        channels = colour switch
        {
            0 when depth is 1 or 2 or 4 or 8 or 16 => 1,
            2 when depth is 8 or 16 => 3,
            3 when depth is 1 or 2 or 4 or 8 => 1,
            4 when depth is 8 or 16 => 2,
            6 when depth is 8 or 16 => 4,
            _ => throw new InvalidDataException("There is no such colour type."),
        };
        this.palette = palette;
        rgb = new byte[3 * PictureReader.Area(width, height, pixelsMax)];
    }

    public static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <inheritdoc cref="PictureReader.Read"/>
    public static Picture Decode(byte[] file, int pixelsMax)
    {
        byte[] header = [], palette = [];
        using var packed = new MemoryStream();
        for (var at = Signature.Length; at + 8 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var type = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at + 4));
            var body = file.AsSpan(at + 8, length);
            switch (type)
            {
                case Header when length == 13:
                    header = body.ToArray();
                    break;
                case Palette:
                    palette = body.ToArray();
                    break;
                case Data:
                    packed.Write(body);
                    break;
            }

            at = type == End ? file.Length : at + 12 + length;
        }

        var decoder = new PngDecoder(header, palette, pixelsMax);
        packed.Position = 0;
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        decoder.ReadPasses(unpacked);
        return new(decoder.width, decoder.height, decoder.rgb);
    }

    private void ReadPasses(ZLibStream unpacked)
    {
        foreach (var (x, y, right, down) in interlaced ? Passes : [(0, 0, 1, 1)])
        {
            var across = (width - x + right - 1) / right;
            if (across <= 0)
            {
                continue;
            }

            // A filter's byte; then the row, before which as many zeros stand as a pixel has bytes.
            var pixel = Math.Max(channels * depth / 8, 1);
            var length = (int)(((long)across * channels * depth + 7) / 8);
            var (row, above) = (new byte[pixel + length], new byte[pixel + length]);
            for (var line = y; line < height; line += down)
            {
                var filter = unpacked.ReadByte();
                unpacked.ReadExactly(row, pixel, length);
                Unfilter(filter, row, above, pixel);
                for (var i = 0; i < across; i++)
                {
                    Set(row.AsSpan(pixel), i, rgb.AsSpan(3 * (line * width + x + i * right), 3));
                }

                (row, above) = (above, row);
            }
        }
    }

    private static void Unfilter(int filter, byte[] row, byte[] above, int pixel)
    {
        for (var i = pixel; i < row.Length; i++)
        {
            var (left, up, corner) = (row[i - pixel], above[i], above[i - pixel]);
            row[i] += filter switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (byte)((left + up) / 2),
                4 => Paeth(left, up, corner),
                _ => throw new InvalidDataException("There is no such filter."),
            };
        }
    }

    private static byte Paeth(byte left, byte up, byte corner)
    {
        var (toLeft, toUp, toCorner) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - 2 * corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private void Set(ReadOnlySpan<byte> row, int index, Span<byte> target)
    {
        if (colour == 3)
        {
            palette.AsSpan(3 * Sample(row, index), 3).CopyTo(target);
        }
        else if (channels < 3)
        {
            target.Fill((byte)(Sample(row, index * channels) * byte.MaxValue / ((1 << Math.Min(depth, 8)) - 1)));
        }
        else
        {
            for (var i = 0; i < 3; i++)
            {
                target[i] = Sample(row, index * channels + i);
            }
        }
    }

    /// <summary>The upper 8 bits at most.</summary>
    private byte Sample(ReadOnlySpan<byte> row, int index) => depth switch
    {
        8 => row[index],
        16 => row[2 * index],
        _ => (byte)(row[index * depth / 8] >> (8 - depth - index * depth % 8) & ((1 << depth) - 1)),
    };
}
