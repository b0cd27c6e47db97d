using System.Globalization;
using System.Text;
using Portal.Data;

namespace Portal;

/// <summary>An amount of money as a person typed it.</summary>
public static class MoneyInput
{
    /// <summary>Yuan.</summary>
    public const decimal Most = 1_000_000_000;

    private const int LengthMax = 30;
    private const int DecimalsMax = 2;

    /// <summary>
    /// A plain decimal in whole minor units. Full-width digits and a currency sign are understood; a comma is not, because it
    /// separates thousands for one reader and decimals for another.
    /// </summary>
    /// <param name="zero">Whether nothing is an amount too, as of a limit.</param>
    public static Outcome<Money> Read(string? typed, bool zero = false)
    {
        var text = Clean(typed).TrimStart('¥').Trim();
        if (text.Length is 0 or > LengthMax || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var amount))
            return new Refusal("money.not-a-number");
        if (amount < 0 || (amount == 0 && !zero)) return new Refusal("money.not-positive");
        if (decimal.Round(amount, DecimalsMax) != amount) return new Refusal("money.decimals");
        return amount > Most ? new Refusal("money.too-large", Text(Most)) : Money.FromAmount(amount);
    }

    /// <summary>Full-width digits are as good as others, and so are spaces around them.</summary>
    public static string Clean(string? typed) => (typed ?? "").Normalize(NormalizationForm.FormKC).Trim();

    /// <summary>For the arguments of a refusal: an invariant decimal.</summary>
    public static string Text(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
