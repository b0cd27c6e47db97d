using System.Collections.Frozen;

namespace Portal.Payments.Declines;

/// <summary>Which declines are final for a card. Codes and their meaning as in Stripe's list of decline codes.</summary>
public static class DeclineCodes
{
    /// <summary>The card would pay if its holder confirmed; nobody was there.</summary>
    public const string MustConfirm = "authentication_required";

    /// <summary>The automatic top-up was switched off, or its card removed, before the card was charged.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>Cancelled at the gateway.</summary>
    public const string Canceled = "canceled";

    /// <summary>The card holder was asked to confirm it, and did not in time.</summary>
    public const string Unconfirmed = "unconfirmed";

    private static readonly FrozenSet<string> Hard = FrozenSet.Create(
        StringComparer.Ordinal,
        "card_not_supported", "currency_not_supported", "expired_card", "fraudulent", "incorrect_cvc", "incorrect_number", "invalid_account", "invalid_cvc",
        "invalid_expiry_month", "invalid_expiry_year", "invalid_number", "lost_card", "merchant_blacklist", "new_account_information_available", "not_permitted",
        "pickup_card", "resource_missing", "restricted_card", "revocation_of_all_authorizations", "revocation_of_authorization", "security_violation",
        "stolen_card", "stop_payment_order", "transaction_not_allowed");

    /// <summary>Whether the same card will not pay later either: only another card, or its corrected details, will.</summary>
    public static bool IsHard(string? code) => code is not null && Hard.Contains(code);
}
