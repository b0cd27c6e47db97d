using System.Globalization;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox;

/// <summary>A card as a person typed it, checked as Stripe checks it before any bank is asked.</summary>
public sealed record CardInput(string Number, string ExpiryMonth, string ExpiryYear, string Cvc)
{
    private const int YearsAheadMax = 50;

    /// <summary>Splits an expiry field such as <c>12/34</c>, <c>1234</c>, <c>12 / 2034</c>; without two parts the month or year is empty.</summary>
    public static CardInput Typed(string? number, string? expiry, string? cvc)
    {
        var parts = (expiry ?? "").Split('/', 2, StringSplitOptions.TrimEntries);
        if (parts.Length == 1 && parts[0].Length is 4 or 6) parts = [parts[0][..2], parts[0][2..]];
        return new CardInput(number ?? "", parts[0], parts.Length > 1 ? parts[1] : "", (cvc ?? "").Trim());
    }

    /// <summary>The test card, or what is wrong with the input.</summary>
    public (TestCard? Card, StripeError? Error) Check(DateTimeOffset now)
    {
        var digits = Number.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        if (digits.Length is < 12 or > 19 || !digits.All(char.IsAsciiDigit) || !PassesLuhn(digits))
            return (null, StripeError.Declined("incorrect_number", null, "Your card number is incorrect.", "number"));

        if (!int.TryParse(ExpiryMonth, NumberStyles.None, CultureInfo.InvariantCulture, out var month) || month is < 1 or > 12)
            return (null, StripeError.Declined("invalid_expiry_month", null, "Your card's expiration month is invalid.", "exp_month"));
        if (FullYear() is not { } year || year < now.Year || year > now.Year + YearsAheadMax)
            return (null, StripeError.Declined("invalid_expiry_year", null, "Your card's expiration year is invalid.", "exp_year"));
        if (year == now.Year && month < now.Month)
            return (null, StripeError.Declined("invalid_expiry_month", null, "Your card's expiration month is invalid.", "exp_month"));

        var card = TestCards.Find(digits);
        if (!Cvc.All(char.IsAsciiDigit) || (card is null ? Cvc.Length is < 3 or > 4 : Cvc.Length != card.CvcLength))
            return (null, StripeError.Declined("invalid_cvc", null, "Your card's security code is invalid.", "cvc"));

        return card is not null
            ? (card, null)
            : (null, StripeError.Declined("card_declined", "test_mode_live_card",
                "Your card was declined. Your request was in test mode, but used a non test card."));
    }

    /// <summary>Four digits; two typed digits mean this century.</summary>
    public int? FullYear()
    {
        if (!int.TryParse(ExpiryYear, NumberStyles.None, CultureInfo.InvariantCulture, out var year)) return null;
        return ExpiryYear.Length switch { 2 => 2000 + year, 4 => year, _ => null };
    }

    internal static bool PassesLuhn(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            if (i % 2 == 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }
        return sum % 10 == 0;
    }
}
