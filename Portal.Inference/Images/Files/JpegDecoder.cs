using System.Buffers.Binary;

namespace Portal.Inference.Images.Files;

/// <summary>Reads JPEG (ITU-T T.81) as cameras and programs write it: 8 bits, sequential or progressive, Huffman-coded, grey or in colour.</summary>
internal sealed class JpegDecoder(byte[] file, int pixelsMax)
{
    // A progressive picture has about ten; each costs a pass over all blocks.
    private const int ScansMax = 100;
    private const int FactorMax = 4;
    private const int TablesMax = 4;

    private readonly ushort[]?[] quantisation = new ushort[]?[TablesMax];
    private readonly JpegHuffman?[] means = new JpegHuffman?[TablesMax];
    private readonly JpegHuffman?[] waves = new JpegHuffman?[TablesMax];
    private readonly List<JpegPlane> planes = [];
    private int width;
    private int height;
    private int restartAfter;
    private bool progressive;
    private bool plainRgb;

    private int AcrossMax => planes.Max(plane => plane.Across);

    private int DownMax => planes.Max(plane => plane.Down);

    public static bool IsJpeg(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    /// <inheritdoc cref="PictureReader.Read"/>
    public Picture Decode()
    {
        var scans = 0;
        for (var at = 2; at + 4 <= file.Length && file[at + 1] != 0xD9 && scans < ScansMax;)
        {
            if (file[at] != 0xFF || file[at + 1] is 0xFF or 0 or (>= 0xD0 and <= 0xD7))
            {
                at++;
                continue;
            }

            var segment = Segment(at + 2);
            var next = at + 2 + 2 + segment.Length;
            switch (file[at + 1])
            {
                case 0xC0 or 0xC1 or 0xC2:
                    progressive = file[at + 1] == 0xC2;
                    ReadFrame(segment);
                    break;
                case 0xC4:
                    ReadHuffman(segment);
                    break;
                case > 0xC2 and <= 0xCF and not 0xC8:
                    throw new NotSupportedException("Lossless and arithmetic JPEG are not read.");
                case 0xDB:
                    ReadQuantisation(segment);
                    break;
                case 0xDD:
                    restartAfter = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case 0xEE:
                    plainRgb = segment.StartsWith("Adobe"u8) && segment.Length > 11 && segment[11] == 0;
                    break;
                case 0xDA:
                    scans++;
                    next = ReadScan(segment, next);
                    break;
            }

            at = next;
        }

        return scans > 0 ? ToPicture() : throw new InvalidDataException("There is no picture in the file.");
    }

    private ReadOnlySpan<byte> Segment(int at) => file.AsSpan(at + 2, BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at)) - 2);

    private void ReadFrame(ReadOnlySpan<byte> segment)
    {
        if (planes.Count > 0 || segment[0] != 8)
        {
            throw new NotSupportedException("Only 8 bits and one picture a file are read.");
        }

        (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]));
        PictureReader.Area(width, height, pixelsMax);
        var count = segment[5];
        if (count is not (1 or 3))
        {
            throw new NotSupportedException("Only grey and three colours are read.");
        }

        var (acrossMax, downMax) = (1, 1);
        for (var i = 0; i < count; i++)
        {
            var (across, down) = (segment[7 + 3 * i] >> 4, segment[7 + 3 * i] & 15);
            if (across is < 1 or > FactorMax || down is < 1 or > FactorMax || segment[8 + 3 * i] >= TablesMax)
            {
                throw new InvalidDataException("There is no such sampling.");
            }

            (acrossMax, downMax) = (Math.Max(acrossMax, across), Math.Max(downMax, down));
        }

        var (unitsWide, unitsHigh) = (Up(width, 8 * acrossMax), Up(height, 8 * downMax));
        for (var i = 0; i < count; i++)
        {
            var (across, down) = (segment[7 + 3 * i] >> 4, segment[7 + 3 * i] & 15);
            planes.Add(new(segment[6 + 3 * i], across, down, segment[8 + 3 * i], unitsWide * across, unitsHigh * down));
        }
    }

    private void ReadQuantisation(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            var wide = segment[0] >> 4 != 0;
            var table = new ushort[64];
            for (var i = 0; i < table.Length; i++)
            {
                table[JpegScan.Zigzag[i]] = wide ? BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + 2 * i)..]) : segment[1 + i];
            }

            quantisation[segment[0] & 15] = table;
            segment = segment[(wide ? 129 : 65)..];
        }
    }

    private void ReadHuffman(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            var counts = segment.Slice(1, 16);
            var total = 0;
            foreach (var count in counts)
            {
                total += count;
            }

            (segment[0] >> 4 == 0 ? means : waves)[segment[0] & 15] = new(counts, segment.Slice(17, total));
            segment = segment[(17 + total)..];
        }
    }

    /// <returns>Where the next segment begins.</returns>
    private int ReadScan(ReadOnlySpan<byte> segment, int start)
    {
        var count = segment[0];
        var members = new List<(JpegPlane Plane, int Means, int Waves)>();
        for (var i = 0; i < count; i++)
        {
            var id = segment[1 + 2 * i];
            var plane = planes.Find(p => p.Id == id) ?? throw new InvalidDataException("There is no such plane.");
            members.Add((plane, segment[2 + 2 * i] >> 4, segment[2 + 2 * i] & 15));
        }

        var (from, to, bits) = (segment[1 + 2 * count], segment[2 + 2 * count], segment[3 + 2 * count]);
        if (from > to || to > 63 || (bits & 15) > 13 || (progressive && from > 0 && count > 1))
        {
            throw new InvalidDataException("There is no such scan.");
        }

        var reader = new JpegBits(file, start);
        var scan = progressive ? new JpegScan(reader, true, from, from == 0 ? 0 : to, bits >> 4, bits & 15) : new JpegScan(reader, false, 0, 63, 0, 0);
        ReadUnits(members, reader, scan);
        return reader.Position;
    }

    private void ReadUnits(List<(JpegPlane Plane, int Means, int Waves)> members, JpegBits bits, JpegScan scan)
    {
        // A scan of one plane goes block by block over what the picture covers, one of several unit by unit.
        var single = members.Count == 1;
        var first = members[0].Plane;
        var (unitsWide, unitsHigh) = single
            ? (Up(Up(width * first.Across, AcrossMax), 8), Up(Up(height * first.Down, DownMax), 8))
            : (Up(width, 8 * AcrossMax), Up(height, 8 * DownMax));
        var lastMeans = new int[members.Count];
        for (var unit = 0; unit < unitsWide * unitsHigh && !bits.IsOver; unit++)
        {
            if (restartAfter > 0 && unit > 0 && unit % restartAfter == 0)
            {
                scan.Restart();
                Array.Clear(lastMeans);
            }

            var (column, row) = (unit % unitsWide, unit / unitsWide);
            for (var i = 0; i < members.Count; i++)
            {
                var (plane, meansOf, wavesOf) = members[i];
                var (across, down) = single ? (1, 1) : (plane.Across, plane.Down);
                for (var block = 0; block < across * down; block++)
                {
                    scan.Read(plane.Block(column * across + block % across, row * down + block / across), means[meansOf], waves[wavesOf], ref lastMeans[i]);
                }
            }
        }
    }

    private Picture ToPicture()
    {
        var samples = planes.ConvertAll(plane => plane.Samples(quantisation[plane.Table] ?? throw new InvalidDataException("A table is missing.")));
        var (acrossMax, downMax) = (AcrossMax, DownMax);
        var rgb = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var pixel = rgb.AsSpan(3 * (y * width + x), 3);
                for (var i = 0; i < 3; i++)
                {
                    var plane = planes[Math.Min(i, planes.Count - 1)];
                    pixel[i] = samples[Math.Min(i, planes.Count - 1)][y * plane.Down / downMax * plane.Width + x * plane.Across / acrossMax];
                }

                if (planes.Count == 3 && !plainRgb)
                {
                    ToRgb(pixel);
                }
            }
        }

        return new(width, height, rgb);
    }

    private static void ToRgb(Span<byte> pixel)
    {
        var (light, blue, red) = (pixel[0], pixel[1] - 128, pixel[2] - 128);
        pixel[0] = Byte(light + 1.402f * red);
        pixel[1] = Byte(light - 0.344136f * blue - 0.714136f * red);
        pixel[2] = Byte(light + 1.772f * blue);
    }

    private static byte Byte(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);

    private static int Up(int length, int of) => (length + of - 1) / of;
}
