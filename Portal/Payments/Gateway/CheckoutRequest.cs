namespace Portal.Payments.Gateway;

/// <summary>A hosted payment page that is to be opened for one payment.</summary>
/// <param name="AmountMinor">Minor units of the currency.</param>
/// <param name="Product">What the person reads that they pay for.</param>
/// <param name="SuccessUrl">May contain <c>{CHECKOUT_SESSION_ID}</c>, which the gateway fills in.</param>
/// <param name="Locale">The page's language as the gateway names it: <c>en</c>, <c>zh</c> or <c>auto</c>.</param>
/// <param name="CustomerId">For whom the gateway saves the card that pays; null: the card is not saved.</param>
public sealed record CheckoutRequest(
    Guid PaymentId, long AmountMinor, string Product, string SuccessUrl, string CancelUrl, string? Email, string Locale, string? CustomerId = null);
