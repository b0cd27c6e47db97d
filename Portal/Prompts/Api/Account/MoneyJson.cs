using System.Globalization;
using Portal.Data;

namespace Portal.Prompts.Api.Account;

/// <summary>An amount for programs: readable, and exact without a decimal type.</summary>
/// <param name="Amount">A decimal of the currency, at least two places.</param>
/// <param name="Nanos">The same in 1e-9 of the currency.</param>
public sealed record MoneyJson(string Amount, long Nanos)
{
    public const string Currency = "CNY";

    public static MoneyJson Of(long nanos) => new(new Money(nanos).Amount.ToString("0.00#######", CultureInfo.InvariantCulture), nanos);

    public static MoneyJson Of(Money money) => Of(money.Nanos);
}
