using System.Globalization;
using System.Text;

namespace Portal.Components.Documents;

/// <summary>
/// Writes text down the A4 pages of a PDF. All lengths are points; heights count from the top. Our own, because the only library that
/// can be had asks that whoever uses it publishes their program.
/// </summary>
internal sealed class Document
{
    private const double Width = 595;
    private const double Height = 842;
    private const double Margin = 56;
    private const double LineHeight = 1.45;

    private readonly PdfFont regular = new("Regular", TrueTypeFont.Regular.Value);
    private readonly PdfFont bold = new("Bold", TrueTypeFont.Bold.Value);
    private readonly List<StringBuilder> pages = [new()];
    private double top = Margin;

    public static double Left => Margin;

    public static double Right => Width - Margin;

    public void Down(double by) => top += by;

    /// <summary>Goes to a new page when fewer points than these are left.</summary>
    public void Need(double height)
    {
        if (top + height > Height - Margin)
        {
            pages.Add(new());
            top = Margin;
        }
    }

    /// <summary>Writes at the present height, in as many lines as the width takes.</summary>
    /// <returns>The height it took.</returns>
    public double Write(string text, Style style, double x, double width)
    {
        var lines = Wrap(text, style, width);
        for (var i = 0; i < lines.Count; i++)
        {
            Draw(lines[i], style, x, top + (i * LineHeight * style.Size));
        }

        return lines.Count * LineHeight * style.Size;
    }

    /// <summary>One line that ends at the right margin.</summary>
    public void WriteRight(string text, Style style)
    {
        var printable = FontOf(style).Printable(text);
        Draw(printable, style, Right - FontOf(style).WidthOf(printable, style.Size), top);
    }

    public void Rule() => pages[^1].Append(CultureInfo.InvariantCulture, $"0.83 G 0.75 w {Left} {Height - top} m {Right} {Height - top} l S\n");

    public byte[] ToPdf(string title, string author, DateTimeOffset at)
    {
        var file = new PdfFile();
        var tree = file.Reserve();
        var contents = pages.ConvertAll(page => file.Add("", Encoding.ASCII.GetBytes(page.ToString())));
        var fonts = $"<< /{regular.Name} {regular.Write(file)} 0 R /{bold.Name} {bold.Write(file)} 0 R >>";
        var leaves = contents.ConvertAll(content => file.Add(
            $"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {Width} {Height}] /Contents {content} 0 R /Resources << /Font {fonts} >> >>"));
        file.Add(tree, $"<< /Type /Pages /Count {leaves.Count} /Kids [{string.Concat(leaves.Select(leaf => $"{leaf} 0 R "))}] >>");
        var info = file.Add(
            $"<< /Title {PdfFile.String(title)} /Author {PdfFile.String(author)} /CreationDate (D:{at.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}Z) >>");
        return file.Finish(file.Add($"<< /Type /Catalog /Pages {tree} 0 R >>"), info);
    }

    private void Draw(string text, Style style, double x, double y) => pages[^1].Append(
        CultureInfo.InvariantCulture,
        $"BT {(style.Muted ? "0.4" : "0")} g /{FontOf(style).Name} {PdfFile.Number(style.Size)} Tf {PdfFile.Number(x)} {PdfFile.Number(Height - y - style.Size)} Td <{FontOf(style).Glyphs(text)}> Tj ET\n");

    /// <summary>Breaks at blanks, and inside a word where a line holds no more: Chinese has no blanks.</summary>
    private List<string> Wrap(string text, Style style, double width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var rune in FontOf(style).Printable(text).EnumerateRunes())
        {
            var longer = line + rune;
            if (line.Length > 0 && FontOf(style).WidthOf(longer, style.Size) > width)
            {
                var blank = longer.LastIndexOf(' ');
                var end = blank > 0 ? blank : line.Length;
                lines.Add(longer[..end]);
                longer = longer[end..].TrimStart();
            }

            line = longer;
        }

        return [.. lines, line];
    }

    private PdfFont FontOf(Style style) => style.Bold ? bold : regular;

    /// <param name="Size">Points.</param>
    internal sealed record Style(double Size, bool Bold = false, bool Muted = false);
}
