using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Portal.Components.Documents;

/// <summary>The objects of a PDF file (ISO 32000-1), numbered as they are added.</summary>
internal sealed class PdfFile
{
    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly List<long> places = [];

    public PdfFile()
    {
        // The second line tells programs that copy files that this one is not text.
        Text("%PDF-1.7\n%");
        bytes.Write((ReadOnlySpan<byte>)[0xE2, 0xE3, 0xCF, 0xD3]);
        Text("\n");
    }

    /// <summary>Takes a number for an object that is added later.</summary>
    public int Reserve()
    {
        places.Add(0);
        return places.Count;
    }

    public int Add(string content) => Add(Reserve(), content);

    public int Add(int number, string content)
    {
        places[number - 1] = bytes.WrittenCount;
        Text($"{number} 0 obj\n{content}\nendobj\n");
        return number;
    }

    /// <param name="entries">Of the stream's dictionary, beside its length.</param>
    public int Add(string entries, byte[] stream)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(stream);
        }

        var number = Reserve();
        places[number - 1] = bytes.WrittenCount;
        Text($"{number} 0 obj\n<< {entries} /Filter /FlateDecode /Length {packed.Length} >>\nstream\n");
        bytes.Write(packed.ToArray());
        Text("\nendstream\nendobj\n");
        return number;
    }

    /// <summary>The whole file.</summary>
    /// <param name="root">The catalogue's number.</param>
    /// <param name="info">The number of what is said about the file.</param>
    public byte[] Finish(int root, int info)
    {
        var table = bytes.WrittenCount;
        Text($"xref\n0 {places.Count + 1}\n0000000000 65535 f \n");
        places.ForEach(place => Text($"{place:D10} 00000 n \n"));
        Text($"trailer\n<< /Size {places.Count + 1} /Root {root} 0 R /Info {info} 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Any text as a string object.</summary>
    public static string String(string text) => $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}>";

    public static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private void Text(string text) => bytes.Write(Encoding.ASCII.GetBytes(text));
}
