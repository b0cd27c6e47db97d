using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Portal.Tests.Inference.Images;

/// <summary>Reads the PNG that the model writes (8 bits, RGB, unfiltered) back into pixels, checking the structure on the way.</summary>
internal static class PngReader
{
    /// <returns>Red, green, blue of each pixel, row by row.</returns>
    public static (int Width, int Height, byte[] Rgb) Read(byte[] png)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        var chunks = Chunks(png).ToList();
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(chunk => chunk.Type).Where(type => type != "iTXt"));
        var header = chunks[0].Data;
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        Assert.Equal([8, 2, 0, 0, 0], header[8..]);

        using var zlib = new ZLibStream(new MemoryStream(chunks[^2].Data), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        zlib.CopyTo(inflated);
        var rows = inflated.ToArray().Chunk(1 + width * 3).ToList();
        Assert.Equal(height, rows.Count);
        Assert.All(rows, row => Assert.Equal(0, row[0]));
        return (width, height, [.. rows.SelectMany(row => row[1..])]);
    }

    /// <summary>The words beside the picture, by keyword.</summary>
    public static IReadOnlyDictionary<string, string> Texts(byte[] png) =>
        Chunks(png).Where(chunk => chunk.Type == "iTXt").Select(chunk => Encoding.UTF8.GetString(chunk.Data).Split('\0')).ToDictionary(parts => parts[0], parts => parts[5]);

    private static IEnumerable<(string Type, byte[] Data)> Chunks(byte[] png)
    {
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var body = png[(at + 4)..(at + 8 + length)];
            Assert.Equal(Crc(body), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            yield return (Encoding.ASCII.GetString(body[..4]), body[4..]);
            at += 12 + length;
        }
    }

    /// <summary>Bit by bit, as the PNG specification defines it.</summary>
    private static uint Crc(byte[] data) => ~data.Aggregate(uint.MaxValue, (crc, value) =>
        Enumerable.Range(0, 8).Aggregate(crc ^ value, (bits, _) => (bits & 1) == 0 ? bits >> 1 : (bits >> 1) ^ 0xEDB88320));
}
