using System.Globalization;
using System.Text;

namespace Portal.Catalog.Editing.Forms;

/// <summary>Numbers of the catalogue as a person typed them: full-width digits and spaces are understood; thousands and exponents are not.</summary>
public static class CatalogInput
{
    private const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

    public static Outcome<decimal> Number(string? typed) =>
        decimal.TryParse(Clean(typed), Styles, CultureInfo.InvariantCulture, out var number) ? number : new Refusal("catalog.number", Shown(typed));

    /// <returns>Null when nothing was typed.</returns>
    public static Outcome<decimal?> NumberOrNone(string? typed)
    {
        if (Clean(typed).Length == 0)
        {
            return (decimal?)null;
        }

        return Number(typed).IsDone(out var refusal, out var number) ? (decimal?)number : refusal;
    }

    /// <param name="none">Of what was left empty.</param>
    public static Outcome<long> Whole(string? typed, long none = 0)
    {
        var text = Clean(typed);
        return text.Length == 0 ? none
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : new Refusal("catalog.number", Shown(typed));
    }

    /// <returns>Null when nothing was typed.</returns>
    public static Outcome<int?> WholeOrNone(string? typed)
    {
        if (Clean(typed).Length == 0)
        {
            return (int?)null;
        }

        return Whole(typed).IsDone(out var refusal, out var number) && number is >= int.MinValue and <= int.MaxValue ? (int?)number : refusal ?? new Refusal("catalog.number", Shown(typed));
    }

    /// <summary>Pairs such as <c>0: 1, 100000: 0.9</c>, one a line or with commas between them.</summary>
    public static Outcome<List<(decimal First, decimal Second)>> Pairs(string? typed)
    {
        var pairs = new List<(decimal, decimal)>();
        foreach (var part in (typed ?? "").Normalize(NormalizationForm.FormKC).Split(['\n', ',', ';', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split(':') is not [var one, var two] || !Number(one).IsDone(out _, out var first) || !Number(two).IsDone(out _, out var second))
            {
                return new Refusal("catalog.number", Shown(part));
            }

            pairs.Add((first, second));
        }

        return pairs;
    }

    private static string Clean(string? typed) => string.Concat((typed ?? "").Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c)));

    private static string Shown(string? typed)
    {
        var text = (typed ?? "").Trim();
        return text.Length <= PlanRules.KeyLengthMax ? text : text[..PlanRules.KeyLengthMax];
    }
}
