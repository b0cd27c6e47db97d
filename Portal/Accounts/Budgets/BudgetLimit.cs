using System.Globalization;
using System.Text;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Accounts.Budgets;

/// <summary>How much a budget may be, and how a person types it.</summary>
public static class BudgetLimit
{
    /// <summary>Yuan.</summary>
    private const decimal MoneyMost = 1_000_000_000;

    /// <summary>Tokens or images.</summary>
    private const long UnitsMost = 1_000_000_000_000_000;

    private const int LengthMax = 30;

    public static bool Fits(CapMeter meter, long limit) => limit >= 0 && limit <= (meter == CapMeter.Money ? Money.FromAmount(MoneyMost).Nanos : UnitsMost);

    /// <summary>Yuan in whole minor units, or a whole number in which separators are for reading. Zero allows nothing.</summary>
    /// <returns>Nanos, tokens or images.</returns>
    public static Outcome<long> Read(CapMeter meter, string? typed)
    {
        var text = (typed ?? "").Normalize(NormalizationForm.FormKC).Trim().TrimStart('¥').Trim();
        if (text.Length is 0 or > LengthMax)
        {
            return Unfit(meter);
        }

        if (meter != CapMeter.Money)
        {
            return long.TryParse(text, NumberStyles.AllowThousands | NumberStyles.AllowLeadingSign, CultureInfo.CurrentCulture, out var units) && Fits(meter, units)
                ? units
                : Unfit(meter);
        }

        // A comma separates thousands for one reader and decimals for another: it is not understood.
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var yuan)
            && yuan is >= 0 and <= MoneyMost && decimal.Round(yuan, 2) == yuan
            ? Money.FromAmount(yuan).Nanos
            : Unfit(meter);
    }

    /// <summary>As it is typed: what <see cref="Read"/> understands.</summary>
    public static string Write(CapMeter meter, long limit) =>
        meter == CapMeter.Money ? new Money(limit).Amount.ToString("0.##", CultureInfo.InvariantCulture) : limit.ToString(CultureInfo.InvariantCulture);

    public static Refusal Unfit(CapMeter meter) => meter == CapMeter.Money
        ? new Refusal("budget.money", MoneyMost.ToString(CultureInfo.InvariantCulture))
        : new Refusal("budget.units", UnitsMost.ToString(CultureInfo.InvariantCulture));
}
