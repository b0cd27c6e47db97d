using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Tests.Components.Documents;

/// <summary>Reads the texts of a PDF back through the map that it carries for searching and copying, as a reader program does.</summary>
internal static partial class PdfText
{
    /// <summary>One string for each piece of text, page by page.</summary>
    public static IReadOnlyList<string> Of(byte[] pdf)
    {
        var whole = Encoding.Latin1.GetString(pdf);
        CheckPlaces(whole);
        var streams = Streams().Matches(whole).ToDictionary(
            m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture),
            m => Inflate(pdf.AsSpan(m.Index + m.Length, int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture)).ToArray()));
        var characters = Fonts().Matches(whole).Select(m => Characters(streams[int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)])).ToList();
        var pages = Contents().Matches(whole).Select(m => streams[int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)]);
        return [.. pages.SelectMany(page => Pieces().Matches(page).Select(m => string.Concat(
            Enumerable.Range(0, m.Groups[2].Length / 4).Select(i => characters[m.Groups[1].Value == "Regular" ? 0 : 1][m.Groups[2].Value.Substring(4 * i, 4)]))))];
    }

    /// <summary>The table at the end says where each object begins.</summary>
    private static void CheckPlaces(string whole)
    {
        var table = int.Parse(whole[(whole.LastIndexOf("startxref", StringComparison.Ordinal) + 9)..whole.LastIndexOf("%%EOF", StringComparison.Ordinal)], CultureInfo.InvariantCulture);
        var lines = whole[table..].Split('\n');
        Assert.Equal("xref", lines[0]);
        var count = int.Parse(lines[1].Split(' ')[1], CultureInfo.InvariantCulture);
        for (var number = 1; number < count; number++)
        {
            Assert.Equal(20, lines[2 + number].Length + 1);
            Assert.StartsWith($"{number} 0 obj\n", whole[int.Parse(lines[2 + number][..10], CultureInfo.InvariantCulture)..], StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, string> Characters(string map) => Mapped().Matches(map).ToDictionary(
        m => m.Groups[1].Value, m => Encoding.BigEndianUnicode.GetString(Convert.FromHexString(m.Groups[2].Value)));

    private static string Inflate(byte[] packed)
    {
        using var zlib = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zlib.CopyTo(plain);
        return Encoding.Latin1.GetString(plain.ToArray());
    }

    [GeneratedRegex(@"(\d+) 0 obj\n<<[^>]*/Length (\d+) >>\nstream\n")]
    private static partial Regex Streams();

    [GeneratedRegex(@"/ToUnicode (\d+) 0 R")]
    private static partial Regex Fonts();

    [GeneratedRegex(@"/Contents (\d+) 0 R")]
    private static partial Regex Contents();

    [GeneratedRegex(@"/(Regular|Bold) [\d.]+ Tf [^<]*<([0-9A-F]*)> Tj")]
    private static partial Regex Pieces();

    [GeneratedRegex("<([0-9A-F]{4})> <([0-9A-F]{4,8})>\n")]
    private static partial Regex Mapped();
}
