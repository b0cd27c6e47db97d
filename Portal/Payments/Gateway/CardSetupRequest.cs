namespace Portal.Payments.Gateway;

/// <summary>A hosted page that is to be opened for saving a card.</summary>
/// <param name="Key">The form's: a second click opens the same page.</param>
/// <param name="Locale">The page's language as the gateway names it: <c>en</c>, <c>zh</c> or <c>auto</c>.</param>
public sealed record CardSetupRequest(Guid AccountId, string CustomerId, string Key, string SuccessUrl, string CancelUrl, string Locale);
