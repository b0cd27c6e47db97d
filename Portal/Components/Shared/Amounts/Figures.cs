using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Data;

namespace Portal.Components.Shared.Amounts;

/// <summary>How amounts and counts are written. Writing only: nothing here adds, splits or converts money.</summary>
public static class Figures
{
    private const int SignificantDigitsMax = 6;
    private const decimal Tiny = 0.01m;

    private static readonly Dictionary<string, string> Symbols = new(StringComparer.Ordinal) { ["CNY"] = "¥", ["USD"] = "$", ["EUR"] = "€", ["GBP"] = "£" };

    /// <summary>
    /// Two decimals, half-even; an amount under one minor unit keeps up to six significant digits, so that a cheap prompt never reads as free.
    /// </summary>
    /// <param name="currency">ISO 4217; one without a symbol here is written as its code.</param>
    /// <param name="exact">Every decimal there is (at most nine), as receipts show it.</param>
    /// <param name="plus">A plus before what came in.</param>
    /// <param name="available">What can still be spent or refunded: never rounded up, so that what is read is there.</param>
    public static string Write(this Money money, string currency = "CNY", bool exact = false, bool plus = false, bool available = false)
    {
        var size = Math.Abs(money.Amount);
        var rounding = !available ? MidpointRounding.ToEven : money.Nanos < 0 ? MidpointRounding.ToPositiveInfinity : MidpointRounding.ToZero;
        var sign = money.Nanos < 0 ? "\u2212" : plus && money.Nanos > 0 ? "+" : "";
        var digits = exact ? size.ToString("#,##0.00#######", CultureInfo.CurrentCulture)
            : size is > 0 and < Tiny ? Significant(size, rounding).ToString("0.00#######", CultureInfo.CurrentCulture)
            : decimal.Round(size, 2, rounding).ToString("#,##0.00", CultureInfo.CurrentCulture);
        return sign + (Symbols.GetValueOrDefault(currency) ?? currency + "\u00a0") + digits;
    }

    /// <summary>A count with its unit's word, such as <c>1,200 tokens</c>.</summary>
    public static string Count(this IStringLocalizer<SharedText> text, long units, Unit unit) => text[
        (unit, units) switch
        {
            (Unit.Tokens, 1) => "Token",
            (Unit.Tokens, _) => "Tokens",
            (Unit.Images, 1) => "Image",
            (Unit.Images, _) => "Images",
            (Unit.Points, 1) => "Point",
            (Unit.Points, _) => "Points",
            _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "Money is not counted in units."),
        },
        units.ToString("N0", CultureInfo.CurrentCulture)];

    private static decimal Significant(decimal size, MidpointRounding rounding)
    {
        var decimals = SignificantDigitsMax;
        for (var scaled = size; scaled < 0.1m; scaled *= 10) decimals++;
        return decimal.Round(size, decimals, rounding);
    }
}
