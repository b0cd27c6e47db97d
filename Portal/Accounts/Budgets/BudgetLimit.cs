using System.Globalization;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Accounts.Budgets;

/// <summary>How much a budget may be, and how a person types it.</summary>
public static class BudgetLimit
{
    /// <summary>Tokens or images.</summary>
    private const long UnitsMost = 1_000_000_000_000_000;

    public static bool Fits(CapMeter meter, long limit) => limit >= 0 && limit <= (meter == CapMeter.Money ? Money.FromAmount(MoneyInput.Most).Nanos : UnitsMost);

    /// <summary>Yuan in whole minor units, or a whole number in which separators are for reading. Zero allows nothing.</summary>
    /// <returns>Nanos, tokens or images.</returns>
    public static Outcome<long> Read(CapMeter meter, string? typed)
    {
        if (meter == CapMeter.Money)
        {
            return MoneyInput.Read(typed, zero: true).IsDone(out _, out var money) ? money.Nanos : Unfit(meter);
        }

        return long.TryParse(MoneyInput.Clean(typed), NumberStyles.AllowThousands | NumberStyles.AllowLeadingSign, CultureInfo.CurrentCulture, out var units) && Fits(meter, units)
            ? units
            : Unfit(meter);
    }

    /// <summary>As it is typed: what <see cref="Read"/> understands.</summary>
    public static string Write(CapMeter meter, long limit) =>
        meter == CapMeter.Money ? new Money(limit).Amount.ToString("0.##", CultureInfo.InvariantCulture) : limit.ToString(CultureInfo.InvariantCulture);

    public static Refusal Unfit(CapMeter meter) => meter == CapMeter.Money
        ? new Refusal("budget.money", MoneyInput.Most.ToString(CultureInfo.InvariantCulture))
        : new Refusal("budget.units", UnitsMost.ToString(CultureInfo.InvariantCulture));
}
