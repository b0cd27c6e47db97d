using System.Buffers.Binary;
using System.Text;

namespace Portal.Components.Documents;

/// <summary>
/// A TrueType file (ISO/IEC 14496-22): which glyph a character has, how wide it is, and a smaller file with a few of its glyphs. All numbers in it are
/// big-endian.
/// </summary>
internal sealed class TrueTypeFont
{
    private static readonly string[] Kept = ["head", "hhea", "maxp", "cvt ", "fpgm", "prep", "hmtx", "loca", "glyf"];

    private readonly byte[] file;
    private readonly Dictionary<string, Range> tables = new(StringComparer.Ordinal);
    private readonly int unitsPerEm;
    private readonly int widths;
    private readonly int groups;

    private TrueTypeFont(string path)
    {
        file = File.ReadAllBytes(path);
        for (var (i, at) = (0, 12); i < Word(4); i++, at += 16)
        {
            var start = Long(at + 8);
            tables[Encoding.ASCII.GetString(file, at, 4)] = start..(start + Long(at + 12));
        }

        unitsPerEm = Word(At("head") + 18);
        Box = [.. Enumerable.Range(0, 4).Select(i => Scaled(Signed(At("head") + 36 + (2 * i))))];
        (Ascent, Descent) = (Scaled(Signed(At("hhea") + 4)), Scaled(Signed(At("hhea") + 6)));
        widths = Word(At("hhea") + 34);
        groups = FindGroups();
    }

    /// <summary>The typeface of documents lies beside the program: no two machines have the same fonts installed, and few have Chinese ones.</summary>
    public static Lazy<TrueTypeFont> Regular { get; } = Beside("NotoSansSC-Regular.ttf");

    public static Lazy<TrueTypeFont> Bold { get; } = Beside("NotoSansSC-Bold.ttf");

    /// <summary>Left, bottom, right, top of all glyphs, in thousandths of the font's size, like every length here.</summary>
    public IReadOnlyList<int> Box { get; }

    public int Ascent { get; }

    public int Descent { get; }

    /// <returns>0: the font has no glyph for it.</returns>
    public int GlyphOf(Rune character)
    {
        // The groups are in the order of their characters.
        var (low, high) = (0, Long(groups + 12) - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var at = groups + 16 + (12 * middle);
            if (character.Value < Long(at))
            {
                high = middle - 1;
            }
            else if (character.Value > Long(at + 4))
            {
                low = middle + 1;
            }
            else
            {
                return Long(at + 8) + character.Value - Long(at);
            }
        }

        return 0;
    }

    public int WidthOf(int glyph) => Scaled(Word(At("hmtx") + (4 * Math.Min(glyph, widths - 1))));

    /// <summary>A font file with these glyphs, and those that they are made of, under their old numbers; all others are empty.</summary>
    public byte[] Subset(IEnumerable<int> glyphs)
    {
        var wanted = new SortedSet<int>();
        foreach (var glyph in glyphs.Append(0))
        {
            Want(glyph, wanted);
        }

        using var outlines = new MemoryStream();
        var places = new byte[4 * (Word(At("maxp") + 4) + 1)];
        for (var glyph = 0; glyph < (places.Length / 4) - 1; glyph++)
        {
            BinaryPrimitives.WriteInt32BigEndian(places.AsSpan(4 * glyph), (int)outlines.Length);
            if (wanted.Contains(glyph))
            {
                outlines.Write(file.AsSpan(Outline(glyph)));
                outlines.Write(new byte[(4 - (outlines.Length % 4)) % 4]);
            }
        }

        BinaryPrimitives.WriteInt32BigEndian(places.AsSpan(places.Length - 4), (int)outlines.Length);
        var head = file[tables["head"]];
        head[51] = 1; // places of four bytes
        return Assemble(Kept.Where(tables.ContainsKey).Select(name => (name, name switch
        {
            "head" => head,
            "loca" => places,
            "glyf" => outlines.ToArray(),
            _ => file[tables[name]],
        })).ToList());
    }

    private static Lazy<TrueTypeFont> Beside(string name) => new(() => new(Path.Combine(AppContext.BaseDirectory, "Fonts", name)));

    private static byte[] Assemble(List<(string Name, byte[] Table)> parts)
    {
        using var font = new MemoryStream();
        var directory = new byte[12 + (16 * parts.Count)];
        BinaryPrimitives.WriteInt32BigEndian(directory, 0x00010000);
        BinaryPrimitives.WriteInt16BigEndian(directory.AsSpan(4), (short)parts.Count);
        font.Write(directory);
        foreach (var ((name, table), i) in parts.Select((part, i) => (part, i)))
        {
            var entry = directory.AsSpan(12 + (16 * i));
            Encoding.ASCII.GetBytes(name, entry);
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], (int)font.Length);
            BinaryPrimitives.WriteInt32BigEndian(entry[12..], table.Length);
            font.Write(table);
            font.Write(new byte[(4 - (font.Length % 4)) % 4]);
        }

        font.Position = 0;
        font.Write(directory);
        return font.ToArray();
    }

    /// <summary>A glyph may be put together from others, each named after a word of flags.</summary>
    private void Want(int glyph, SortedSet<int> wanted)
    {
        const int argumentsAreWords = 1, hasScale = 8, moreFollow = 32, hasTwoScales = 64, hasMatrix = 128;
        var outline = Outline(glyph);
        if (!wanted.Add(glyph) || outline.Start.Value == outline.End.Value || Signed(outline.Start.Value) >= 0)
        {
            return;
        }

        int flags;
        var at = outline.Start.Value + 10;
        do
        {
            flags = Word(at);
            Want(Word(at + 2), wanted);
            at += 4 + ((flags & argumentsAreWords) != 0 ? 4 : 2);
            at += (flags & hasScale) != 0 ? 2 : (flags & hasTwoScales) != 0 ? 4 : (flags & hasMatrix) != 0 ? 8 : 0;
        }
        while ((flags & moreFollow) != 0);
    }

    private Range Outline(int glyph)
    {
        var (loca, glyf) = (At("loca"), At("glyf"));
        return Word(At("head") + 50) == 1
            ? (glyf + Long(loca + (4 * glyph)))..(glyf + Long(loca + (4 * glyph) + 4))
            : (glyf + (2 * Word(loca + (2 * glyph))))..(glyf + (2 * Word(loca + (2 * glyph) + 2)));
    }

    /// <summary>Where the table of all of Unicode begins: platform 3, encoding 10, format 12.</summary>
    private int FindGroups()
    {
        var cmap = At("cmap");
        for (var i = 0; i < Word(cmap + 2); i++)
        {
            var at = cmap + 4 + (8 * i);
            if ((Word(at), Word(at + 2)) == (3, 10) && Word(cmap + Long(at + 4)) == 12)
            {
                return cmap + Long(at + 4);
            }
        }

        throw new InvalidDataException("The font has no table of all Unicode characters.");
    }

    private int At(string table) => tables[table].Start.Value;

    private int Scaled(int units) => (int)Math.Round(units * 1000.0 / unitsPerEm);

    private int Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at));

    private int Signed(int at) => BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(at));

    private int Long(int at) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
}
