using System.Text;

namespace Portal.Catalog;

/// <summary>A coupon's code as people type it: case and spaces do not matter, full-width letters are understood.</summary>
public static class CouponCode
{
    public const int LengthMin = 4;
    public const int LengthMax = 32;

    /// <summary>The code as it is stored: upper-case letters, digits and hyphens.</summary>
    /// <returns>Null when no coupon can have it.</returns>
    public static string? Read(string? typed)
    {
        var code = string.Concat((typed ?? "").Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();
        return code.Length is >= LengthMin and <= LengthMax && code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '-') ? code : null;
    }
}
