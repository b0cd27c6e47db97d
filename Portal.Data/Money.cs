namespace Portal.Data;

/// <summary>An amount in nanos (1e-9) of the account's currency. Arithmetic is checked: a sum beyond 64 bits throws instead of wrapping.</summary>
public readonly record struct Money(long Nanos) : IComparable<Money>
{
    public const long NanosPerUnit = 1_000_000_000;

    public static Money Zero => default;

    /// <summary>The amount as an exact decimal of the currency, e.g. 0.2 for 200,000,000 nanos.</summary>
    public decimal Amount => Nanos / (decimal)NanosPerUnit;

    /// <summary>Rounds once, half-even, to nanos.</summary>
    /// <exception cref="OverflowException">The amount does not fit 64 bits of nanos (about 9.2 billion).</exception>
    public static Money FromAmount(decimal amount) => new(decimal.ToInt64(decimal.Round(amount * NanosPerUnit, MidpointRounding.ToEven)));

    /// <summary>The currency's minor units (fen, cents), half-even; for gateways and invoices.</summary>
    public long ToMinorUnits() => decimal.ToInt64(decimal.Round(Amount * 100m, MidpointRounding.ToEven));

    /// <summary>The least whole number of minor units that is not below this amount.</summary>
    public Money CeilingToMinorUnits() => FromMinorUnits(decimal.ToInt64(decimal.Ceiling(Amount * 100m)));

    /// <summary>The most whole minor units that this amount holds: what can be paid out of it.</summary>
    public Money FloorToMinorUnits() => FromMinorUnits(decimal.ToInt64(decimal.Floor(Amount * 100m)));

    public static Money FromMinorUnits(long minor) => new(checked(minor * (NanosPerUnit / 100)));

    public static Money operator +(Money a, Money b) => new(checked(a.Nanos + b.Nanos));

    public static Money operator -(Money a, Money b) => new(checked(a.Nanos - b.Nanos));

    public static Money operator -(Money a) => new(checked(-a.Nanos));

    public static bool operator <(Money a, Money b) => a.Nanos < b.Nanos;

    public static bool operator >(Money a, Money b) => a.Nanos > b.Nanos;

    public static bool operator <=(Money a, Money b) => a.Nanos <= b.Nanos;

    public static bool operator >=(Money a, Money b) => a.Nanos >= b.Nanos;

    public static Money Add(Money left, Money right) => left + right;

    public static Money Subtract(Money left, Money right) => left - right;

    public static Money Negate(Money item) => -item;

    public int CompareTo(Money other) => Nanos.CompareTo(other.Nanos);

    /// <summary>Two decimals, half-even, invariant: what a receipt's total or a command-line result shows.</summary>
    public string ToTwoDecimals() => decimal.Round(Amount, 2, MidpointRounding.ToEven).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
}
