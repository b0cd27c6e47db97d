using System.Globalization;
using System.Text;

namespace Portal.Components.Documents;

/// <summary>A font in a PDF file: characters are written as the numbers of their glyphs, and only those that were written are in the file.</summary>
/// <param name="name">How the pages call it.</param>
internal sealed class PdfFont(string name, TrueTypeFont font)
{
    private readonly SortedDictionary<int, Rune> used = [];

    public string Name => name;

    /// <summary>Without the characters that the font does not have: they would be empty boxes.</summary>
    public string Printable(string text) => string.Concat(text.EnumerateRunes().Where(rune => font.GlyphOf(rune) != 0));

    /// <summary>In points.</summary>
    public double WidthOf(string text, double size) => text.EnumerateRunes().Sum(rune => font.WidthOf(font.GlyphOf(rune))) * size / 1000;

    /// <summary>The glyphs of a text in the digits of a PDF string.</summary>
    public string Glyphs(string text)
    {
        var digits = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var glyph = font.GlyphOf(rune);
            used.TryAdd(glyph, rune);
            digits.Append(glyph.ToString("X4", CultureInfo.InvariantCulture));
        }

        return digits.ToString();
    }

    /// <summary>Writes what the pages refer to, once they are written.</summary>
    /// <returns>The object's number.</returns>
    public int Write(PdfFile file)
    {
        // The six letters say that it is a part of the font.
        var face = "PORTAL+NotoSansSC-" + name;
        var program = font.Subset(used.Keys);
        var embedded = file.Add($"/Length1 {program.Length}", program);
        var descriptor = file.Add(
            $"<< /Type /FontDescriptor /FontName /{face} /Flags 4 /FontBBox [{string.Join(' ', font.Box)}] /ItalicAngle 0 /Ascent {font.Ascent} /Descent {font.Descent} " +
            $"/CapHeight {font.Ascent} /StemV 80 /FontFile2 {embedded} 0 R >>");
        var widths = string.Concat(used.Keys.Select(glyph => $"{glyph} [{font.WidthOf(glyph)}] "));
        var glyphs = file.Add(
            $"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{face} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> " +
            $"/FontDescriptor {descriptor} 0 R /DW 1000 /W [{widths}] /CIDToGIDMap /Identity >>");
        var characters = file.Add("", Encoding.ASCII.GetBytes(Characters()));
        return file.Add($"<< /Type /Font /Subtype /Type0 /BaseFont /{face} /Encoding /Identity-H /DescendantFonts [{glyphs} 0 R] /ToUnicode {characters} 0 R >>");
    }

    /// <summary>Which character a glyph stands for, so that text can be searched and copied.</summary>
    private string Characters()
    {
        var map = new StringBuilder("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Portal def /CMapType 2 def\n");
        map.Append("1 begincodespacerange <0000> <FFFF> endcodespacerange\n");
        foreach (var some in used.Chunk(100))
        {
            map.Append(CultureInfo.InvariantCulture, $"{some.Length} beginbfchar\n");
            foreach (var (glyph, rune) in some)
            {
                map.Append(CultureInfo.InvariantCulture, $"<{glyph:X4}> <{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(rune.ToString()))}>\n");
            }

            map.Append("endbfchar\n");
        }

        return map.Append("endcmap CMapName currentdict /CMap defineresource pop end end").ToString();
    }
}
